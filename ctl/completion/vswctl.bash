# SPDX-License-Identifier: GPL-2.0
# Completion for bash; the words come from vswctl itself.
_vswctl()
{
	local cur=${COMP_WORDS[COMP_CWORD]}
	mapfile -t COMPREPLY < <(compgen -W \
		"$("${COMP_WORDS[0]}" complete "${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)" -- "$cur")
}
complete -o default -F _vswctl vswctl
