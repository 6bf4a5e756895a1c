import CCurl
import Glibc

/// What libcurl wants to be told about: sockets, held by an epoll instance, and one moment in time.
///
/// libcurl calls back into it from within its own functions, so whoever calls those has the right to touch it.
final class HTTPPoll {
    let epoll: Int32
    /// When libcurl wants to be called without an event.
    var deadline: ContinuousClock.Instant?

    init(epoll: Int32) {
        self.epoll = epoll
    }

    /// Makes `multi` report to this object, which must outlive it.
    func attach(to multi: UnsafeMutableRawPointer) {
        let context = Unmanaged.passUnretained(self).toOpaque()
        _ = curl_multi_set_socket_function(multi, socketChanged)
        _ = curl_multi_set_pointer(multi, CURLMOPT_SOCKETDATA, context)
        _ = curl_multi_set_timer_function(multi, timerChanged)
        _ = curl_multi_set_pointer(multi, CURLMOPT_TIMERDATA, context)
    }

    fileprivate func watch(_ socket: Int32, for what: Int32) {
        var event = epoll_event()
        event.data.fd = socket
        if what & CURL_POLL_IN != 0 { event.events |= EPOLLIN.rawValue }
        if what & CURL_POLL_OUT != 0 { event.events |= EPOLLOUT.rawValue }
        if what == CURL_POLL_REMOVE {
            epoll_ctl(epoll, EPOLL_CTL_DEL, socket, &event)
        } else if epoll_ctl(epoll, EPOLL_CTL_MOD, socket, &event) != 0 {
            epoll_ctl(epoll, EPOLL_CTL_ADD, socket, &event)
        }
    }
}

private let socketChanged: curl_socket_callback = { _, socket, what, context, _ in
    guard let context else { return -1 }
    Unmanaged<HTTPPoll>.fromOpaque(context).takeUnretainedValue().watch(socket, for: what)
    return 0
}

private let timerChanged: curl_multi_timer_callback = { _, milliseconds, context in
    guard let context else { return -1 }
    Unmanaged<HTTPPoll>.fromOpaque(context).takeUnretainedValue().deadline =
        milliseconds < 0 ? nil : .now + .milliseconds(milliseconds)
    return 0
}
