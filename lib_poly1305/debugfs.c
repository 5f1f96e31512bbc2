// SPDX-License-Identifier: GPL-2.0
/*
 * The table as a file in debugfs. It is made in C, because files of the kernel's
 * Rust debugfs have no owner: the module could be unloaded while one is open.
 */
#include <linux/debugfs.h>
#include <linux/module.h>
#include <linux/seq_file.h>

#include "internal.h"

static struct dentry *folder;

static int implementations_show(struct seq_file *file, void *unused)
{
	lib_poly1305_list(file);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(implementations);

void lib_poly1305_listing_create(void)
{
	folder = debugfs_create_dir("lib_poly1305", NULL);
	debugfs_create_file("implementations", 0400, folder, NULL,
			    &implementations_fops);
}

void lib_poly1305_listing_remove(void)
{
	debugfs_remove(folder);
}
