import CLinux
import Glibc
import Synchronization

/// Wakes one sleeping thread; many raises before a wait are one.
final class WakeSignal: Sendable {
    private let handle = eventfd(0, Int32(EFD_CLOEXEC))
    /// Raised and not yet taken: spares the system call for all raises but the first.
    private let raised = Atomic<Bool>(false)

    deinit {
        close(handle)
    }

    func raise() {
        guard !raised.exchange(true, ordering: .acquiringAndReleasing) else { return }
        var one: UInt64 = 1
        _ = write(handle, &one, 8)
    }

    /// Returns at the next raise, or at once when one is pending.
    func wait() {
        var count: UInt64 = 0
        while read(handle, &count, 8) < 0 && errno == EINTR {}
        // An exchange, not a store: reading what the raiser wrote is what makes its records visible here.
        _ = raised.exchange(false, ordering: .acquiringAndReleasing)
    }
}
