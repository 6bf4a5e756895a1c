#include <microhttpd.h>
#include <netdb.h>
#include <sys/socket.h>
#include <sys/un.h>

// MHD_start_daemon and MHD_get_connection_info are variadic, which Swift cannot call.

/// What a daemon is started with.
typedef struct {
    int socket;
    size_t memory_per_connection;
    unsigned connections;
    unsigned connections_per_address;
    unsigned idle_seconds;
} mhd_settings;

/// One thread that polls with epoll; requests may be suspended and resumed.
static inline struct MHD_Daemon *mhd_start(
    mhd_settings settings, MHD_AccessHandlerCallback handle, MHD_RequestCompletedCallback completed,
    MHD_NotifyConnectionCallback connected, void *context) {
    return MHD_start_daemon(
        MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME, 0, NULL, NULL, handle, context,
        MHD_OPTION_LISTEN_SOCKET, settings.socket,
        MHD_OPTION_CONNECTION_MEMORY_LIMIT, settings.memory_per_connection,
        MHD_OPTION_CONNECTION_LIMIT, settings.connections,
        MHD_OPTION_PER_IP_CONNECTION_LIMIT, settings.connections_per_address,
        MHD_OPTION_CONNECTION_TIMEOUT, settings.idle_seconds,
        MHD_OPTION_NOTIFY_COMPLETED, completed, context,
        MHD_OPTION_NOTIFY_CONNECTION, connected, context,
        MHD_OPTION_END);
}

/// The connection's socket, or -1.
static inline int mhd_socket(struct MHD_Connection *connection) {
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    return info ? info->connect_fd : -1;
}

/// The client's socket address, or NULL.
static inline const struct sockaddr *mhd_client_address(struct MHD_Connection *connection) {
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    return info ? info->client_addr : NULL;
}
