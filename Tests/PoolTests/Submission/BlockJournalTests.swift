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
    func lasting() throws {
        let folder = try TemporaryFolder()
        let first = try BlockJournal(folder: folder.path + "/journal")
        try first.add(entry(1))
        try first.add(entry(2))
        try first.remove(entry(1))
        let second = try BlockJournal(folder: folder.path + "/journal")
        var skipped: [String] = []
        #expect(try second.entries { skipped.append($0) } == [entry(2)])
        #expect(skipped.isEmpty)
    }

    @Test("a file that is no entry is named, left alone, and hides no other")
    func damage() throws {
        let folder = try TemporaryFolder()
        let journal = try BlockJournal(folder: folder.path)
        try journal.add(entry(3))
        let whole = BlockJournal.encode(entry(4))
        try DurableFile.replace(folder.path + "/cut.solution", with: Array(whole.dropLast()))
        var skipped: [String] = []
        #expect(try journal.entries { skipped.append($0) } == [entry(3)])
        #expect(skipped == [folder.path + "/cut.solution"])
        #expect(try DurableFile.read(folder.path + "/cut.solution").count == whole.count - 1)
    }

    @Test("an entry whose sync the crash cut off counts when it is whole")
    func drafts() throws {
        let folder = try TemporaryFolder()
        let journal = try BlockJournal(folder: folder.path)
        for height in [3, 4, 5] as [Int64] { try journal.add(entry(height)) }
        let names = try DurableFile.list(folder.path).sorted()
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
