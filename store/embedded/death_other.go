//go:build !linux

package embedded

import "syscall"

// dieWithParent can do nothing here: the kernel offers no such service. A server left behind is ended by the next start
// on its folder, or ends by itself within a minute when its folder is swept away.
func dieWithParent(*syscall.SysProcAttr) {}
