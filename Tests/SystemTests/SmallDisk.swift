import Foundation
import Synchronization

/// A disk in memory that is mounted on a folder, and can be filled.
final class SmallDisk: Sendable {
    private let path: String
    private let isFull = Mutex(false)
    private var filler: String { path + "/filler" }

    /// Nil for whoever may not mount one.
    init?(at path: String, megabytes: Int) {
        self.path = path
        let arguments = ["-t", "tmpfs", "-o", "size=\(megabytes)m", "motherlode-test", path]
        guard let (status, _) = try? Programs.run(URL(fileURLWithPath: "/bin/mount"), arguments), status == 0 else { return nil }
    }

    deinit { _ = try? Programs.run(URL(fileURLWithPath: "/bin/umount"), ["-l", path]) }

    /// To its last byte, and again whenever somebody gives up a piece of it, until ``free()``.
    func fill() {
        isFull.withLock { $0 = true }
        grow()
        Thread.detachNewThread { [self] in
            while isFull.withLock(\.self) {
                grow()
                usleep(500)
            }
        }
    }

    func free() {
        isFull.withLock { isFull in
            isFull = false
            unlink(filler)
        }
    }

    private func grow() {
        isFull.withLock { isFull in
            guard isFull else { return }
            let descriptor = open(filler, O_WRONLY | O_CREAT | O_APPEND, 0o600)
            defer { close(descriptor) }
            var zeros = [UInt8](repeating: 0, count: 1 << 16)
            while zeros.count > 1 {
                let written = zeros.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
                if written < 0 { zeros.removeLast(zeros.count / 2) }
            }
        }
    }
}
