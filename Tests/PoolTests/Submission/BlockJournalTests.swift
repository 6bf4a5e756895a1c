import Dispatch
import Testing

@testable import Pool

@Suite("The block journal")
struct BlockJournalTests {
    private func entry(_ height: Int64, payload: [UInt8] = [1, 2, 10, 3]) -> BlockJournal.Entry {
        BlockJournal.Entry(
            chain: "bitcoin",
            height: height,
            hash: String(repeating: "0", count: 48) + "00112233445566" + String(height % 90 + 10),
            account: "bcrt1qexample",
            worker: "rig \"1\"",
            foundAt: 1_800_000_000_123,
            reward: 5_000_000_000,
            networkWeight: .max,
            payload: payload
        )
    }

    @Test("what was added is there after a restart, what was removed is not")
    func lasting() async throws {
        let folder = try TemporaryFolder()
        let first = try BlockJournal(folder: folder.path + "/journal")
        try await first.keep(entry(1)).value.get()
        try await first.keep(entry(2)).value.get()
        try first.remove(entry(1))
        let second = try BlockJournal(folder: folder.path + "/journal")
        var skipped: [String] = []
        #expect(try second.entries { skipped.append($0) } == [entry(2)])
        #expect(skipped.isEmpty)
    }

    @Test("a file that is no entry is named, left alone, and hides no other")
    func damage() async throws {
        let folder = try TemporaryFolder()
        let journal = try BlockJournal(folder: folder.path)
        try await journal.keep(entry(3)).value.get()
        let whole = BlockJournal.encode(entry(4))
        try DurableFile.replace(folder.path + "/cut.solution", with: Array(whole.dropLast()))
        var skipped: [String] = []
        #expect(try journal.entries { skipped.append($0) } == [entry(3)])
        #expect(skipped == [folder.path + "/cut.solution"])
        #expect(try DurableFile.read(folder.path + "/cut.solution").count == whole.count - 1)
    }

    @Test("an entry whose sync the crash cut off counts when it is whole")
    func drafts() async throws {
        let folder = try TemporaryFolder()
        let journal = try BlockJournal(folder: folder.path)
        for height in [3, 4, 5] as [Int64] { try await journal.keep(entry(height)).value.get() }
        let names = try DurableFile.list(folder.path).filter { $0.hasSuffix(".solution") }.sorted()
        #expect(names.count == 3)
        // The first is written again over itself, the second was never renamed, of the third there is a part.
        try DurableFile.replace(folder.path + "/" + names[0] + ".new", with: BlockJournal.encode(entry(3)))
        try journal.remove(entry(4))
        try DurableFile.replace(folder.path + "/" + names[1] + ".new", with: BlockJournal.encode(entry(4)))
        try journal.remove(entry(5))
        try DurableFile.replace(folder.path + "/" + names[2] + ".new", with: Array(BlockJournal.encode(entry(5)).dropLast()))
        #expect(try journal.entries { _ in } == [entry(3)])
        let next = try BlockJournal(folder: folder.path)
        var skipped: [String] = []
        #expect(try next.entries { skipped.append($0) }.sorted { $0.height < $1.height } == [entry(3), entry(4)])
        #expect(skipped.isEmpty)
        try next.remove(entry(4))
        #expect(try next.entries { _ in } == [entry(3)])
    }

    /// The process may be killed at any moment, and a node may have the solution already.
    @Test("entries are written at once, however many of them wait for a slow disk", .timeLimit(.minutes(1)))
    func slowDisk() async throws {
        let folder = try TemporaryFolder()
        let gate = DispatchSemaphore(value: 0)
        let journal = try BlockJournal(folder: folder.path) { path throws(FileError) in
            gate.wait()
            try DurableFile.finish(path)
        }
        let heights = Array(Int64(1)...16)
        let keeping = heights.map { journal.keep(entry($0)) }
        while try DurableFile.list(folder.path).count(where: { $0.hasSuffix(".new") }) < heights.count { await Task.yield() }
        // What a process that begins now would find, were this one gone.
        let copy = try TemporaryFolder()
        for name in try DurableFile.list(folder.path) where name.hasSuffix(".new") {
            try DurableFile.replace(copy.path + "/" + name, with: try DurableFile.read(folder.path + "/" + name))
        }
        let next = try BlockJournal(folder: copy.path)
        #expect(try next.entries { _ in }.map(\.height).sorted() == heights)
        for _ in heights { gate.signal() }
        for keeping in keeping { try await keeping.value.get() }
        await journal.rest()
        #expect(try journal.entries { _ in }.map(\.height).sorted() == heights)
        try await journal.forget(entry(7))
        #expect(try journal.entries { _ in }.count == heights.count - 1)
    }

    @Test("on a full disk there is room set aside, and what is there outlives the process as other entries do")
    func fullDisk() async throws {
        let folder = try TemporaryFolder()
        let path = folder.path + "/journal"
        do {
            let journal = try BlockJournal(folder: path)
            // A draft that cannot be made stands for a disk without room.
            for height in [1, 2, 3] as [Int64] {
                try DurableFile.makeFolder("\(path)/bitcoin-\(height)-\(entry(height).hash.suffix(16)).solution.new")
            }
            for height in [1, 2, 3] as [Int64] { try await journal.keep(entry(height)).value.get() }
            #expect(try journal.entries { _ in } == [entry(1), entry(2), entry(3)])
            try journal.remove(entry(2))
            #expect(try journal.entries { _ in } == [entry(1), entry(3)])
            // An upgrade's new process has a reserve of its own beside the old one's.
            let other = try BlockJournal(folder: path)
            #expect(try other.entries { _ in } == [entry(1), entry(3)])
            try other.remove(entry(1))
            #expect(try journal.entries { _ in } == [entry(3)])
        }
        let next = try BlockJournal(folder: path)
        #expect(try next.entries { _ in } == [entry(3)])
        try next.remove(entry(3))
        #expect(try next.entries { _ in } == [])
    }

    @Test("the reserve takes what fits, and all of its room again when all is gone")
    func reserve() throws {
        let folder = try TemporaryFolder()
        let reserve = JournalReserve(folder: folder.path, size: 1_000)
        func record(_ byte: UInt8, _ count: Int) -> [UInt8] { [UInt8](repeating: byte, count: count) }
        for round in 0..<3 {
            #expect(reserve.add(record(1, 400)))
            #expect(reserve.add(record(2, 400)))
            #expect(!reserve.add(record(3, 400)), "round \(round)")
            #expect(reserve.records == [record(1, 400), record(2, 400)])
            reserve.remove { $0.first == 1 }
            #expect(reserve.records == [record(2, 400)])
            #expect(!reserve.add(record(3, 400)), "its place is not used while others live")
            reserve.remove { $0.first == 2 }
            #expect(reserve.records == [])
            #expect(reserve.add(record(4, 10)))
            #expect(reserve.records == [record(4, 10)], "what lay behind it stays gone")
            reserve.remove { _ in true }
        }
    }

    @Test("an empty payload and one of line feeds come back as they were", arguments: [[], [10, 10, 10], Array("{}\n{}".utf8)])
    func payloads(payload: [UInt8]) {
        #expect(BlockJournal.decode(BlockJournal.encode(entry(5, payload: payload))) == entry(5, payload: payload))
    }

    @Test("no cut of an entry reads as an entry")
    func cuts() {
        let whole = BlockJournal.encode(entry(6))
        for count in 0..<whole.count { #expect(BlockJournal.decode(Array(whole[..<count])) == nil) }
    }
}
