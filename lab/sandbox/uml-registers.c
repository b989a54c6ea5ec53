/*
 * Loaded into a User-Mode Linux kernel (LD_PRELOAD): its ptrace(2) is this one.
 * Such a kernel (6.1) has room for 2,696 bytes of a process's extended registers, and Linux takes only all of them
 * (arch/x86/kernel/fpu/regset.c, xstateregs_set). Newer ones ask how many there are. On CPUs with more, such as those with AMX, the first process of the
 * guest dies of it. So what it sets is completed by registers at rest, which no process of a guest may use otherwise.
 * What the stopped process has already is not set again: a guest does that at each of its system calls.
 */
#include <elf.h>
#include <errno.h>
#include <stdarg.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

enum { most_bytes = 1 << 16 };

/* The extended registers of a stopped process, as the guest's kernel knows them; pid 0: of none. */
static struct {
	long pid;
	size_t bytes;
	char registers[most_bytes];
} known;

static char whole[most_bytes];
static size_t whole_bytes;

static long ask(long request, long pid, void *address, void *data)
{
	return syscall(SYS_ptrace, request, pid, address, data);
}

static void know(long pid, const struct iovec *registers)
{
	known.pid = registers->iov_len <= most_bytes ? pid : 0;
	if (!known.pid)
		return;
	known.bytes = registers->iov_len;
	memcpy(known.registers, registers->iov_base, known.bytes);
}

static int is_known(long pid, const struct iovec *registers)
{
	return pid == known.pid && registers->iov_len == known.bytes &&
	       memcmp(registers->iov_base, known.registers, known.bytes) == 0;
}

/* All bytes that this CPU has of them. */
static size_t ask_whole_bytes(long pid)
{
	struct iovec all = { whole, most_bytes };

	return ask(PTRACE_GETREGSET, pid, (void *)NT_X86_XSTATE, &all) == 0 ? all.iov_len : 0;
}

static long set_registers(long pid, struct iovec *part)
{
	struct iovec all = { whole, 0 };
	long result;

	if (is_known(pid, part))
		return 0;
	known.pid = 0;
	if (!whole_bytes)
		whole_bytes = ask_whole_bytes(pid);
	if (part->iov_len < whole_bytes) {
		memcpy(whole, part->iov_base, part->iov_len);
		memset(whole + part->iov_len, 0, whole_bytes - part->iov_len);
		all.iov_len = whole_bytes;
	}
	result = ask(PTRACE_SETREGSET, pid, (void *)NT_X86_XSTATE, all.iov_len ? &all : part);
	if (result == 0)
		know(pid, part);
	return result;
}

static long get_registers(long pid, struct iovec *part)
{
	long result = ask(PTRACE_GETREGSET, pid, (void *)NT_X86_XSTATE, part);

	if (result == 0)
		know(pid, part);
	return result;
}

long ptrace(enum __ptrace_request request, ...)
{
	va_list rest;
	pid_t pid;
	long result, word;
	void *address, *data;

	va_start(rest, request);
	pid = va_arg(rest, pid_t);
	address = va_arg(rest, void *);
	data = va_arg(rest, void *);
	va_end(rest);

	switch ((int)request) {
	case PTRACE_SETREGSET:
		if ((long)address == NT_X86_XSTATE)
			return set_registers(pid, data);
		break;
	case PTRACE_GETREGSET:
		if ((long)address == NT_X86_XSTATE)
			return get_registers(pid, data);
		break;
	case PTRACE_PEEKTEXT:
	case PTRACE_PEEKDATA:
	case PTRACE_PEEKUSER:
		result = ask(request, pid, address, &word);
		if (result == 0)
			errno = 0;
		return result == 0 ? word : result;
	case PTRACE_GETREGS:
	case PTRACE_SETREGS:
	case PTRACE_GETSIGINFO:
		break;
	default: /* It runs on, or is another process than before. */
		known.pid = 0;
	}
	return ask(request, pid, address, data);
}
