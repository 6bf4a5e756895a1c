import Foundation
import Testing

@testable import Accounting

/// Lengths in files that are damaged, or that someone else wrote, must not be believed.
@Suite(.serialized) struct DamagedFileTests {
    /// The most memory that this process has held since `body` began, above what it held then; bytes.
    private func peak(_ body: () throws -> Void) throws -> Int {
        func kilobytes(_ key: String) throws -> Int {
            let status = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
            let line = try #require(status.split(separator: "\n").first { $0.hasPrefix(key) })
            return try #require(line.split(separator: " ").dropFirst().first.flatMap { Int($0.filter(\.isNumber)) } ?? Int(line.filter(\.isNumber)))
        }
        // Sets the high-water mark back (proc(5)).
        try Data("5".utf8).write(to: URL(fileURLWithPath: "/proc/self/clear_refs"))
        let before = try kilobytes("VmRSS:")
        try body()
        return (try kilobytes("VmHWM:") - before) * 1_024
    }

    @Test func aFileIsReadToItsEndWhateverTheLimit() throws {
        let folder = try DataFolder()
        let path = folder.file("file")
        try Data("0123456789".utf8).write(to: URL(fileURLWithPath: path))
        let file = try File(reading: path)
        #expect(try file.read(at: 4, limit: .max) == Array("456789".utf8))
        #expect(try file.read(at: 11, limit: .max) == [])
    }

    @Test func aFramesLengthIsNotBelieved() throws {
        let folder = try DataFolder()
        let path = folder.file("00000001.log")
        var segment = try LogSegment(path: path, first: 1, step: 4_096)
        try segment.append([1, 2, 3], sequence: 1, sync: false)
        var bytes = try Data(contentsOf: URL(fileURLWithPath: path))
        // Of the only frame: 200 MiB.
        bytes.replaceSubrange(20..<24, with: [0, 0, 0x80, 0x0c])
        try bytes.write(to: URL(fileURLWithPath: path))
        let taken = try peak {
            try LogSegment.read(path, first: 1) { _, _ throws(LedgerError) in throw .closed }
        }
        #expect(taken < 64 << 20)
    }

    /// 32 KiB that unpack to a gigabyte without a line's end.
    @Test func anArchivesFrameIsUnpackedInPieces() throws {
        let folder = try DataFolder()
        let archive = ShareArchive(folder: folder.file("archive"))
        let window = ArchivedWindow(start: 0, span: 60, instance: 0, account: "a", worker: "b", reason: 0, count: 1, weight: 1)
        try archive.append([window])
        let path = folder.file("archive/shares-1970-01-01.csv.zst")
        // RFC 8878: magic, a size of four bytes and a window of 1 MiB, then blocks of one repeated byte, 128 KiB each.
        var frame: [UInt8] = [0x28, 0xb5, 0x2f, 0xfd, 0x80, 0x50, 0, 0, 0, 0x40]
        for block in 0..<8_192 { frame += [block == 8_191 ? 0x03 : 0x02, 0, 0x10, UInt8(ascii: "1")] }
        try (try Data(contentsOf: URL(fileURLWithPath: path)) + frame).write(to: URL(fileURLWithPath: path))
        var found: [ArchivedWindow] = []
        let taken = try peak {
            #expect(throws: LedgerError.corrupt(path: path, detail: "a line that is no window")) {
                try archive.read { window in found.append(window) }
            }
        }
        #expect(found == [window])
        #expect(taken < 64 << 20)
    }
}
