#define _GNU_SOURCE
#include "CLinux.h"
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>

int linux_usable_cpus(void) {
    cpu_set_t set;
    CPU_ZERO(&set);
    if (sched_getaffinity(0, sizeof set, &set) != 0) return 1;
    int count = CPU_COUNT(&set);
    return count > 0 ? count : 1;
}

int linux_wait(int poll, struct linux_event *events, int limit, int milliseconds) {
    struct epoll_event found[256];
    if (limit > 256) limit = 256;
    int count = epoll_wait(poll, found, limit, milliseconds);
    for (int i = 0; i < count; i++) {
        events[i].token = found[i].data.u64;
        events[i].readable = (found[i].events & EPOLLIN) != 0;
        events[i].writable = (found[i].events & EPOLLOUT) != 0;
        events[i].ended = (found[i].events & (EPOLLRDHUP | EPOLLHUP | EPOLLERR)) != 0;
    }
    return count;
}

uint64_t linux_raise_file_limit(void) {
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return 0;
    if (limit.rlim_cur < limit.rlim_max) {
        struct rlimit raised = { .rlim_cur = limit.rlim_max, .rlim_max = limit.rlim_max };
        if (setrlimit(RLIMIT_NOFILE, &raised) == 0) limit = raised;
    }
    return limit.rlim_cur;
}

void linux_name_thread(const char *name) {
    pthread_setname_np(pthread_self(), name);
}

uint64_t linux_affinity(void) {
    cpu_set_t set;
    CPU_ZERO(&set);
    if (sched_getaffinity(0, sizeof set, &set) != 0) return 0;
    uint64_t mask = 0;
    for (int cpu = 0; cpu < 64; cpu++) mask |= (uint64_t)(CPU_ISSET(cpu, &set) != 0) << cpu;
    return mask;
}

void linux_set_affinity(uint64_t mask) {
    cpu_set_t set;
    CPU_ZERO(&set);
    for (int cpu = 0; cpu < 64; cpu++) if (mask >> cpu & 1) CPU_SET(cpu, &set);
    if (mask) sched_setaffinity(0, sizeof set, &set);
}

int linux_send_sockets(int channel, const void *bytes, size_t count, const int *sockets, int socket_count) {
    union {
        struct cmsghdr header;
        char room[CMSG_SPACE(LINUX_MOST_SOCKETS * sizeof(int))];
    } control;
    struct iovec part = { .iov_base = (void *)bytes, .iov_len = count };
    struct msghdr message = { .msg_iov = &part, .msg_iovlen = 1 };
    if (socket_count > LINUX_MOST_SOCKETS) {
        errno = EINVAL;
        return -1;
    }
    if (socket_count > 0) {
        memset(&control, 0, sizeof control);
        message.msg_control = &control;
        message.msg_controllen = CMSG_SPACE(socket_count * sizeof(int));
        struct cmsghdr *header = CMSG_FIRSTHDR(&message);
        header->cmsg_level = SOL_SOCKET;
        header->cmsg_type = SCM_RIGHTS;
        header->cmsg_len = CMSG_LEN(socket_count * sizeof(int));
        memcpy(CMSG_DATA(header), sockets, socket_count * sizeof(int));
    }
    ssize_t sent;
    do sent = sendmsg(channel, &message, MSG_NOSIGNAL);
    while (sent < 0 && errno == EINTR);
    return sent < 0 ? -1 : 0;
}

ssize_t linux_receive_sockets(int channel, void *bytes, size_t room, int *sockets, int *socket_count) {
    union {
        struct cmsghdr header;
        char room[CMSG_SPACE(LINUX_MOST_SOCKETS * sizeof(int))];
    } control;
    struct iovec part = { .iov_base = bytes, .iov_len = room };
    struct msghdr message = { .msg_iov = &part, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof control };
    int limit = *socket_count;
    *socket_count = 0;
    ssize_t count;
    do count = recvmsg(channel, &message, MSG_CMSG_CLOEXEC);
    while (count < 0 && errno == EINTR);
    if (count < 0) return -1;
    for (struct cmsghdr *header = CMSG_FIRSTHDR(&message); header; header = CMSG_NXTHDR(&message, header)) {
        if (header->cmsg_level != SOL_SOCKET || header->cmsg_type != SCM_RIGHTS) continue;
        int number = (int)((header->cmsg_len - CMSG_LEN(0)) / sizeof(int));
        for (int i = 0; i < number; i++) {
            int socket;
            memcpy(&socket, CMSG_DATA(header) + i * sizeof(int), sizeof socket);
            if (*socket_count < limit) sockets[(*socket_count)++] = socket;
            else close(socket);
        }
    }
    return count;
}

int64_t linux_nanoseconds(int clock) {
    struct timespec time = {0};
    clock_gettime(clock, &time);
    return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

int linux_memory_file(const char *name) {
    return memfd_create(name, MFD_CLOEXEC);
}

int linux_spawn(pid_t *process, const char *program, char *const *arguments, const char *variable, int file) {
    size_t count = 0;
    while (environ[count]) count++;
    char **environment = calloc(count + 2, sizeof *environment);
    if (!environment) return ENOMEM;
    memcpy(environment, environ, count * sizeof *environment);
    environment[count] = (char *)variable;

    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, file, 3);
    posix_spawn_file_actions_addclosefrom_np(&actions, 4);
    posix_spawnattr_t attributes;
    posix_spawnattr_init(&attributes);
    sigset_t set;
    sigemptyset(&set);
    posix_spawnattr_setsigmask(&attributes, &set);
    sigfillset(&set);
    posix_spawnattr_setsigdefault(&attributes, &set);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    int result = posix_spawn(process, program, &actions, &attributes, arguments, environment);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    free(environment);
    return result;
}
