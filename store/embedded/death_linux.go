package embedded

import "syscall"

// dieWithParent has the kernel interrupt the child when the thread that made it ends (see launch).
func dieWithParent(attr *syscall.SysProcAttr) { attr.Pdeathsig = syscall.SIGINT }
