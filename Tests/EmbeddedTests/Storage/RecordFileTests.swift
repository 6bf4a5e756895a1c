import Bitcoin
import Glibc
import Hashing
import Testing

@testable import Embedded

@Suite struct RecordFileTests {
    let folder = TemporaryFolder()
    var path: String { folder.path + "/chain" }

    private func blocks(_ count: Int) -> [StoredBlock] {
        var chain = newChain(depth: 3)
        chain.mine(count)
        return chain.stored
    }

    private func write(_ bytes: [UInt8]) {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
        #expect(Glibc.write(descriptor, bytes, bytes.count) == bytes.count)
        close(descriptor)
    }

    private func readAll() -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: 1 << 20)
        let descriptor = open(path, O_RDONLY)
        let count = read(descriptor, &bytes, bytes.count)
        close(descriptor)
        return Array(bytes.prefix(max(0, count)))
    }

    @Test func keepsBlocksAndSeed() throws {
        let blocks = blocks(5)
        do {
            let (file, seed, old) = try RecordFile<StoredBlock>.open(path, seed: 77)
            #expect(seed == 77)
            #expect(old.isEmpty)
            for block in blocks { try file.append(block) }
        }
        let (_, seed, old) = try RecordFile<StoredBlock>.open(path, seed: 1)
        #expect(seed == 77)
        #expect(old == blocks)
    }

    /// A kill may leave half a record: cut at every byte of the last one.
    @Test func cutsOffWhatAKillLeft() throws {
        let blocks = blocks(3)
        do {
            let file = try RecordFile<StoredBlock>.open(path, seed: 1).file
            for block in blocks.prefix(2) { try file.append(block) }
        }
        let whole = readAll()
        do { try RecordFile<StoredBlock>.open(path, seed: 1).file.append(blocks[2]) }
        let longer = readAll()
        for length in stride(from: whole.count + 1, to: longer.count, by: 7) {
            write(Array(longer.prefix(length)))
            let (file, _, old) = try RecordFile<StoredBlock>.open(path, seed: 1)
            #expect(old == Array(blocks.prefix(2)))
            #expect(readAll() == whole)
            try file.append(blocks[2])
            #expect(readAll() == longer)
        }
    }

    @Test func aFlippedByteEndsTheChainThere() throws {
        let blocks = blocks(3)
        do {
            let file = try RecordFile<StoredBlock>.open(path, seed: 1).file
            for block in blocks { try file.append(block) }
        }
        var bytes = readAll()
        bytes[16 + 4 + blocks[0].fileBytes.count + 4 + 40] ^= 1
        write(bytes)
        #expect(try RecordFile<StoredBlock>.open(path, seed: 1).records == [blocks[0]])
    }

    @Test func foreignFilesAreLeftAlone() {
        let text = Array("-----BEGIN SOMETHING ELSE-----\n".utf8)
        write(text)
        #expect(throws: ChainFileError.foreign(path: path)) { _ = try RecordFile<StoredBlock>.open(path, seed: 1) }
        #expect(readAll() == text)
    }

    @Test func oneProcessAtATime() throws {
        let first = try RecordFile<StoredBlock>.open(path, seed: 1).file
        #expect(throws: ChainFileError.inUse(path: path)) { _ = try RecordFile<StoredBlock>.open(path, seed: 1) }
        withExtendedLifetime(first) {}
    }

    @Test func aMissingFolderIsNamed() {
        let path = folder.path + "/none/chain"
        #expect(throws: ChainFileError.io(path: path, errno: ENOENT)) { _ = try RecordFile<StoredBlock>.open(path, seed: 1) }
    }
}
