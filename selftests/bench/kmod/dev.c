// SPDX-License-Identifier: GPL-2.0
/*
 * /dev/vsw_bench: counts the instructions that a frame costs between two taps,
 * on an emulated machine whose time stamp counter counts instructions; or the time,
 * in User-Mode Linux.
 */
#include <linux/irqflags.h>
#include <linux/miscdevice.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include "bench.h"

/**
 * struct bench_file - An open descriptor.
 * @lock: held during an ioctl
 * @floor: netdevs that are connected, or NULL
 */
struct bench_file {
	struct mutex lock;	/* one ioctl at a time */
	struct bench_floor_pair *floor;
};

/* Two instructions a turn, of which nothing but an interrupt takes time. */
static u64 bench_ticks(void)
{
	unsigned long turns = BENCH_LOOP / 2, flags;
	u64 begin;

	local_irq_save(flags);
	begin = bench_clock();
	asm volatile("1: dec %0\n\t"
		     "jnz 1b" : "+r" (turns) : : "cc");
	begin = bench_clock() - begin;
	local_irq_restore(flags);
	return begin;
}

static long bench_ioctl_run(const void __user *arg,
			    long (*run)(const struct bench_request *req))
{
	struct bench_request req;

	if (copy_from_user(&req, arg, sizeof(req)))
		return -EFAULT;
	return run(&req);
}

static long bench_ioctl_ticks(void __user *arg)
{
	u64 ticks = bench_ticks();

	return copy_to_user(arg, &ticks, sizeof(ticks)) ? -EFAULT : 0;
}

static long bench_ioctl_floor(struct bench_file *bf, const void __user *arg)
{
	struct bench_floor_pair *pair;
	struct bench_floor floor;

	if (copy_from_user(&floor, arg, sizeof(floor)))
		return -EFAULT;
	bench_floor_del(bf->floor);
	bf->floor = NULL;
	if (!floor.ifindex[0])
		return 0;
	pair = bench_floor_add(&floor);
	if (IS_ERR(pair))
		return PTR_ERR(pair);
	bf->floor = pair;
	return 0;
}

static long bench_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	struct bench_file *bf = file->private_data;
	void __user *ptr = (void __user *)arg;
	long err = -ENOTTY;

	mutex_lock(&bf->lock);
	if (cmd == BENCH_RUN)
		err = bench_ioctl_run(ptr, bench_run);
	else if (cmd == BENCH_PING)
		err = bench_ioctl_run(ptr, bench_ping);
	else if (cmd == BENCH_TICKS)
		err = bench_ioctl_ticks(ptr);
	else if (cmd == BENCH_FLOOR)
		err = bench_ioctl_floor(bf, ptr);
	mutex_unlock(&bf->lock);
	return err;
}

static int bench_open(struct inode *inode, struct file *file)
{
	struct bench_file *bf = kzalloc(sizeof(*bf), GFP_KERNEL);

	if (!bf)
		return -ENOMEM;
	mutex_init(&bf->lock);
	file->private_data = bf;
	return 0;
}

static int bench_release(struct inode *inode, struct file *file)
{
	struct bench_file *bf = file->private_data;

	bench_floor_del(bf->floor);
	kfree(bf);
	return 0;
}

static const struct file_operations bench_fops = {
	.owner = THIS_MODULE,
	.open = bench_open,
	.release = bench_release,
	.unlocked_ioctl = bench_ioctl,
};

static struct miscdevice bench_dev = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "vsw_bench",
	.fops = &bench_fops,
	.mode = 0600,
};

static int __init bench_init(void)
{
	int err = bench_nic_register();

	if (err)
		return err;
	err = misc_register(&bench_dev);
	if (err)
		bench_nic_unregister();
	return err;
}

static void __exit bench_exit(void)
{
	misc_deregister(&bench_dev);
	bench_nic_unregister();
}

module_init(bench_init);
module_exit(bench_exit);
MODULE_DESCRIPTION("Counts what frames cost between taps (a test, not for use)");
MODULE_LICENSE("GPL");
