import Foundation
import Synchronization

@testable import Accounting

/// A data folder that goes away with the test.
final class DataFolder: Sendable {
    let path: String

    init() throws {
        // In memory where the system has a place for it: what is tested here is not the disk.
        let memory = FileManager.default.isWritableFile(atPath: "/dev/shm") ? "/dev/shm" : FileManager.default.temporaryDirectory.path
        path = memory + "/ledger-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// What a crash would leave: the files as they are at this moment, under a new name.
    func afterCrash() throws -> DataFolder {
        let copy = try DataFolder()
        try FileManager.default.removeItem(atPath: copy.path)
        try FileManager.default.copyItem(atPath: path, toPath: copy.path)
        return copy
    }

    func file(_ name: String) -> String { path + "/" + name }

    var segments: [String] {
        get throws {
            try FileManager.default.contentsOfDirectory(atPath: file("pool.db-shares")).filter { $0.hasSuffix(".log") }.sorted()
                .map { file("pool.db-shares/" + $0) }
        }
    }

    func settings(_ change: (inout LedgerSettings) -> Void = { _ in }) -> LedgerSettings {
        var settings = LedgerSettings(dataFolder: path)
        // Folds come when a test asks for them.
        settings.foldMilliseconds = 3_600_000
        change(&settings)
        // Whoever holds the settings holds the folder.
        let wall = settings.time.wall
        settings.time.wall = { withExtendedLifetime(self) { wall() } }
        return settings
    }
}

/// Clocks that a test sets.
final class TestClock: Sendable {
    private let wall: Mutex<Int64>
    private let monotonic = Mutex<Int64>(1_000_000)

    init(_ wall: Int64) { self.wall = Mutex(wall) }

    func pass(milliseconds: Int64) {
        wall.withLock { $0 += milliseconds }
        monotonic.withLock { $0 += milliseconds }
    }

    func setWall(_ time: Int64) { wall.withLock { $0 = time } }

    var source: TimeSource {
        TimeSource(wall: { self.wall.withLock { $0 } }, monotonic: { self.monotonic.withLock { $0 } })
    }
}

extension ShareEntry {
    static func accepted(_ worker: UInt32, weight: UInt128, difficulty: Double = 0) -> ShareEntry {
        ShareEntry(worker: worker, reason: 0, weight: weight, difficulty: difficulty)
    }

    static func rejected(_ worker: UInt32, reason: UInt8) -> ShareEntry {
        ShareEntry(worker: worker, reason: reason, weight: 0, difficulty: 0)
    }
}
