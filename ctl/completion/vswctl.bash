# SPDX-License-Identifier: GPL-2.0
# Completion for bash; the words come from vswctl itself.
_vswctl()
{
	local cur=${COMP_WORDS[COMP_CWORD]} word
	COMPREPLY=()
	# Not compgen -W, which expands words: a device may be called $(reboot).
	while IFS= read -r word; do
		[[ $word != "$cur"* ]] || COMPREPLY+=("$(printf %q "$word")")
	done < <("${COMP_WORDS[0]}" complete "${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
}
complete -o default -F _vswctl vswctl
