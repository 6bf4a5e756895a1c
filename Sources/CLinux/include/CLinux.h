#pragma once
// What Linux offers and Swift's Glibc overlay cannot call or does not show: transparent unions, variadics, some constants.
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sched.h>
#include <stdint.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

/// accept4 with the transparent union spelled out.
static inline int linux_accept4(int fd, struct sockaddr *address, socklen_t *length, int flags) {
    extern int accept4(int, struct sockaddr *, socklen_t *, int);
    return accept4(fd, address, length, flags);
}

/// The CPUs this process may run on: its affinity mask, at least 1.
int linux_usable_cpus(void);

/// The first 64 CPUs that the calling thread may run on, as a mask; what is started from it inherits them.
uint64_t linux_affinity(void);
void linux_set_affinity(uint64_t mask);

/// An int option.
static inline int linux_set_option(int fd, int level, int name, int value) {
    return setsockopt(fd, level, name, &value, sizeof value);
}

/// Puts a socket's readiness in both directions and its end under watch, told at each change.
static inline int linux_watch_edges(int poll, int fd, uint64_t token) {
    struct epoll_event event = { .events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET, .data.u64 = token };
    return epoll_ctl(poll, EPOLL_CTL_ADD, fd, &event);
}

/// Puts something under watch that is told for as long as it can be read.
static inline int linux_watch_level(int poll, int fd, uint64_t token) {
    struct epoll_event event = { .events = EPOLLIN, .data.u64 = token };
    return epoll_ctl(poll, EPOLL_CTL_ADD, fd, &event);
}

static inline int linux_unwatch(int poll, int fd) {
    return epoll_ctl(poll, EPOLL_CTL_DEL, fd, 0);
}

/// What `linux_wait` found of one thing watched.
struct linux_event {
    uint64_t token;
    uint8_t readable, writable, ended;
};

/// Fills at most `limit` (up to 256) events; -1 with errno as epoll_wait.
int linux_wait(int poll, struct linux_event *events, int limit, int milliseconds);

/// Raises the soft limit of open files to the hard one and says what it is then; 0 when it cannot be read.
uint64_t linux_raise_file_limit(void);

/// Names the calling thread, at most 15 characters, for `top -H` and profiles.
void linux_name_thread(const char *name);

/// Sends a message with open sockets (or files), at most LINUX_MOST_SOCKETS; 0, or -1 with errno.
int linux_send_sockets(int channel, const void *bytes, size_t count, const int *sockets, int socket_count);

/// Receives a message and the sockets it brings, which are closed on exec. `socket_count` is their room, and then their number.
/// The message's length, 0 at the end, or -1 with errno.
ssize_t linux_receive_sockets(int channel, void *bytes, size_t room, int *sockets, int *socket_count);

/// What the kernel takes in one message.
enum { LINUX_MOST_SOCKETS = 253 };

/// Nanoseconds that a clock shows, such as CLOCK_REALTIME. (Read in Swift, `timespec` makes builds fail now and then: two modules define it.)
int64_t linux_nanoseconds(int clock);

/// A file in memory; -1 with errno.
int linux_memory_file(const char *name);

/// Starts a program with no signal blocked or ignored, this process's environment and one `NAME=value` more, and no open file but the standard
/// three and `file` as number 3. 0, or what went wrong as errno has it.
int linux_spawn(pid_t *process, const char *program, char *const *arguments, const char *variable, int file);

/// Asks for the cache line that will be written to soon.
static inline void linux_prefetch(const void *place) {
    __builtin_prefetch(place, 1);
}
