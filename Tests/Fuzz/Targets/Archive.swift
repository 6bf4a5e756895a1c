import JSON

@testable import Accounting
@testable import Pool

extension FuzzTarget {
    /// Files that the pool and `poolctl` read back: the share archive, segments and payloads of the share log, the block journal, proofs of a
    /// round, recordings for `aux forks --replay`.
    ///
    /// Input: a byte that says what it is, then the file, or what a file is made of where a checksum would keep the fuzzer out.
    static let archive = FuzzTarget(name: "archive") { input in
        var choices = Choices(input)
        let kind = choices.byte() % 8
        let bytes = choices.bytes
        switch kind {
        case 0: readWindows(bytes)
        case 1: readArchive(bytes)
        case 2: readSegment(bytes)
        case 3: readFrames(bytes)
        case 4: readPayloads(&choices)
        case 5:
            guard let entry = BlockJournal.decode(bytes) else { return }
            require(BlockJournal.decode(BlockJournal.encode(entry)) == entry, "a journal's entry reads otherwise once written")
        case 6: _ = AuditVerifyCommand(bytes: bytes).verdict(asJSON: bytes.count.isMultiple(of: 2))
        default: _ = try? ForkReplayCommand(path: "-", bytes: bytes).run()
        }
    } seeds: {
        [
            ("windows", [0] + ArchiveSample.lines), ("archive", [1] + ArchiveSample.archive), ("segment", [2] + ArchiveSample.segment),
            ("frames", [3] + Choices.part(ArchiveSample.payloads[0]) + Choices.part(ArchiveSample.payloads[1])),
            ("payloads", [4] + Choices.part(ArchiveSample.payloads[0]) + Choices.part(ArchiveSample.payloads[1])),
            ("journal", [5] + BlockJournal.encode(ArchiveSample.entry)), ("round", [6] + ArchiveSample.round.serialized()),
            ("forks", [7] + ArchiveSample.forks),
        ]
    }

    /// The archive's text, line by line.
    private static func readWindows(_ bytes: [UInt8]) {
        for line in String(decoding: bytes, as: UTF8.self).split(separator: "\n") {
            guard let window = ArchivedWindow(line: line) else { continue }
            require(window.line.last == "\n" && !window.line.dropLast().contains("\n"), "a window that is written as more than a line")
            let again = ArchivedWindow(line: window.line.dropLast())
            require(again.map { $0 == window } ?? false, "a window reads otherwise once written")
        }
    }

    /// A day's file as it may lie on a disk.
    private static func readArchive(_ bytes: [UInt8]) {
        ScratchFile.write(bytes, to: ScratchFile.folder + "/shares-2026-11-21.csv.zst")
        _ = try? ShareArchive(folder: ScratchFile.folder).read { _ in }
    }

    /// A segment as it may lie on a disk.
    private static func readSegment(_ bytes: [UInt8]) {
        let path = ScratchFile.folder + "/segment"
        ScratchFile.write(bytes, to: path)
        var size = 0
        guard let first = try? LogSegment.firstSequence(path) else { return }
        try? LogSegment.read(path, first: first) { _, payload in size += payload.count }
        require(size <= bytes.count, "a segment gives \(size) bytes of \(bytes.count)")
    }

    /// A segment of the frames that the input's parts make, with right checksums and with wrong ones behind them.
    private static func readFrames(_ bytes: [UInt8]) {
        var choices = Choices(bytes)
        var payloads: [[UInt8]] = []
        while choices.rest.count > 64 { payloads.append(choices.part()) }
        let file = ArchiveSample.segment(payloads) + choices.bytes
        let path = ScratchFile.folder + "/segment"
        ScratchFile.write(file, to: path)
        var found: [[UInt8]] = []
        try? LogSegment.read(path, first: 1) { _, payload in found.append(Array(payload)) }
        // A payload is never empty: room set aside reads as zeros.
        let whole = Array(payloads.prefix { !$0.isEmpty })
        require(found.starts(with: whole), "a segment gives other payloads than it was made of")
    }

    /// Payloads of one segment; what is taken is written so that it reads the same.
    private static func readPayloads(_ choices: inout Choices) {
        let directory = WorkerDirectory(capacity: 1_000)
        var decoder = GroupDecoder()
        var encoder = GroupEncoder()
        var again = GroupDecoder()
        for sequence in 1..<UInt64(16) where !choices.rest.isEmpty {
            guard let group = decoder.decode(choices.part()[...], sequence: sequence, directory: directory) else { continue }
            let payload = encoder.encode(group) { directory.names }
            // A best that is no positive number is not written, and what is not a number equals nothing.
            var plain = group
            for index in plain.credits.indices where !(plain.credits[index].best > 0) { plain.credits[index].best = 0 }
            require(again.decode(payload[...], sequence: sequence, directory: directory) == plain, "a group reads otherwise once written")
        }
    }
}
