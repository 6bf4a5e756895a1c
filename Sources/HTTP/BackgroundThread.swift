import Glibc

/// A detached thread for a loop that blocks in C, which the cooperative pool must never do.
package enum BackgroundThread {
    /// Starts `body` on a thread that takes no signals (those are for the main thread) and shows as `name`, of which 15 bytes count.
    ///
    /// An `urgent` thread runs before others where the system permits it: it sleeps most of its time, and what wakes it cannot wait.
    /// False when the system has no room for another thread.
    package static func start(named name: String, urgent: Bool = false, _ body: @escaping @Sendable () -> Void) -> Bool {
        var everySignal = sigset_t()
        var before = sigset_t()
        sigfillset(&everySignal)
        // A new thread inherits the mask of its maker, so there is no moment in which it could be interrupted.
        pthread_sigmask(SIG_BLOCK, &everySignal, &before)
        defer { pthread_sigmask(SIG_SETMASK, &before, nil) }

        let start = Unmanaged.passRetained(Start(name: String(decoding: name.utf8.prefix(15), as: UTF8.self), urgent: urgent, body: body))
        var thread = pthread_t()
        guard pthread_create(&thread, nil, entry, start.toOpaque()) == 0 else {
            start.release()
            return false
        }
        pthread_detach(thread)
        return true
    }

    private final class Start: Sendable {
        let name: String
        let urgent: Bool
        let body: @Sendable () -> Void

        init(name: String, urgent: Bool, body: @escaping @Sendable () -> Void) {
            self.name = name
            self.urgent = urgent
            self.body = body
        }
    }

    /// Names the calling thread. pthread_setname_np is a GNU extension that Glibc's Swift module leaves out.
    private static func name(_ name: String) {
        let file = open("/proc/thread-self/comm", O_WRONLY | O_CLOEXEC)
        guard file >= 0 else { return }
        _ = write(file, name, name.utf8.count)
        close(file)
    }

    /// Puts the calling thread before all usual ones: in real time (`LimitRTPRIO=1` of a unit), else by its niceness (`LimitNICE=`), else not at all.
    ///
    /// On a busy machine a woken thread waits milliseconds for its turn, whatever its niceness; in real time it does not.
    private static func hurry() {
        // SCHED_RESET_ON_FORK of linux/sched.h, which Glibc's Swift module leaves out: threads that this one starts run as usual.
        let resetOnFork: Int32 = 0x4000_0000
        var lowest = sched_param(sched_priority: 1)
        // Linux schedules threads, not processes; 0 is the calling one.
        guard sched_setscheduler(0, SCHED_FIFO | resetOnFork, &lowest) != 0 else { return }
        var usual = sched_param(sched_priority: 0)
        sched_setscheduler(0, SCHED_OTHER | resetOnFork, &usual)
        setpriority(Int32(PRIO_PROCESS.rawValue), 0, -10)
    }

    // Formed here, outside any main function: a literal written there would belong to the main actor and trap on every other thread.
    private static let entry: @convention(c) (UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? = { context in
        guard let context else { return nil }
        let start = Unmanaged<Start>.fromOpaque(context).takeRetainedValue()
        name(start.name)
        if start.urgent { hurry() }
        start.body()
        return nil
    }
}
