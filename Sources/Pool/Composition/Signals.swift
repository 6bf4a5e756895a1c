import CLinux
import Glibc
import HTTP
import Synchronization

/// The process's signals, worked off one after the other on a thread of their own.
enum Signals {
    private static let actions = Mutex<[Int32: @Sendable () -> Void]>([:])

    /// Which have come, a bit for each. Several of one kind that nobody has looked at yet are one.
    private static let pending = Atomic<UInt64>(0)
    private static let bell = eventfd(0, Int32(EFD_CLOEXEC))

    /// It may come in the midst of anything, so it may touch hardly anything: an atomic and one system call on a handle made beforehand.
    private static let note: @convention(c) (Int32) -> Void = { number in
        let code = errno
        pending.bitwiseOr(1 << UInt64(number), ordering: .releasing)
        var one: UInt64 = 1
        _ = write(bell, &one, 8)
        errno = code
    }

    private static let isHeard = {
        // Made here and not by the first signal.
        _ = (bell, pending.load(ordering: .relaxed))
        return BackgroundThread.start(named: "signals") {
            var count: UInt64 = 0
            while read(bell, &count, 8) == 8 || errno == EINTR { workOff() }
        }
    }()

    /// Calls the action for each of the signals from here on, in place of the one before.
    /// - Returns: false when no thread can be started; then the signals do what they always did.
    static func take(_ numbers: Int32..., by action: @escaping @Sendable () -> Void) -> Bool {
        guard isHeard else { return false }
        actions.withLock { for number in numbers { $0[number] = action } }
        for number in numbers { signal(number, note) }
        return true
    }

    private static func workOff() {
        let come = pending.exchange(0, ordering: .acquiring)
        for number in Int32(1)..<64 where come >> UInt64(number) & 1 == 1 { actions.withLock { $0[number] }?() }
    }
}
