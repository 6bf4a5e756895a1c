import CLinux
import Glibc

/// Why a file of the data folder could not be read or written.
public struct FileError: Error, CustomStringConvertible, Sendable {
    public let operation: String
    public let path: String
    public let code: Int32

    public var description: String { "\(operation) \(path): \(String(cString: strerror(code)))" }
}

/// Whole small files that are either there and synced, or not there.
enum DurableFile {
    /// Reads a whole file.
    static func read(_ path: String) throws(FileError) -> [UInt8] {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { throw FileError(operation: "open", path: path, code: errno) }
        defer { close(file) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = CLinux.read(file, &chunk, chunk.count)
            if count < 0 && errno == EINTR { continue }
            guard count >= 0 else { throw FileError(operation: "read", path: path, code: errno) }
            if count == 0 { return bytes }
            bytes.append(contentsOf: chunk[..<count])
        }
    }

    /// Writes beside, syncs, renames over, and syncs the folder: after a power cut the old or the new content is there, never a part.
    static func replace(_ path: String, with bytes: [UInt8]) throws(FileError) {
        try draft(path, bytes)
        try finish(path)
    }

    /// Writes beside, and no more: it outlasts this process, but no power cut until ``finish(_:)`` is done.
    static func draft(_ path: String, _ bytes: [UInt8]) throws(FileError) {
        let draft = path + draftSuffix
        let file = open(draft, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw FileError(operation: "create", path: draft, code: errno) }
        defer { close(file) }
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { write(file, $0.baseAddress, $0.count) }
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else {
                let error = FileError(operation: "write", path: draft, code: errno)
                // Half a draft is good for nothing, and the room is wanted.
                unlink(draft)
                throw error
            }
            rest = rest.dropFirst(count)
        }
    }

    /// Behind the name of a file that is being written.
    static let draftSuffix = ".new"

    /// Syncs a draft, and gives it its name.
    static func finish(_ path: String) throws(FileError) {
        let draft = path + draftSuffix
        let file = open(draft, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { throw FileError(operation: "open", path: draft, code: errno) }
        defer { close(file) }
        guard fsync(file) == 0 else { throw FileError(operation: "sync", path: draft, code: errno) }
        try rename(to: path)
    }

    private static func rename(to path: String) throws(FileError) {
        guard Glibc.rename(path + draftSuffix, path) == 0 else { throw FileError(operation: "rename", path: path, code: errno) }
        try syncFolder(of: path)
    }

    /// Removes a file and a draft of it that was left behind; one that is not there is no error.
    static func remove(_ path: String) throws(FileError) {
        unlink(path + draftSuffix)
        guard unlink(path) == 0 || errno == ENOENT else { throw FileError(operation: "remove", path: path, code: errno) }
        try syncFolder(of: path)
    }

    /// Makes a folder with its parents, readable by its owner only.
    static func makeFolder(_ path: String) throws(FileError) {
        var made = path.hasPrefix("/") ? "/" : ""
        for part in path.split(separator: "/") {
            made += (made.isEmpty || made.hasSuffix("/") ? "" : "/") + part
            guard mkdir(made, 0o700) == 0 || errno == EEXIST || errno == EISDIR || access(made, F_OK) == 0 else {
                throw FileError(operation: "make folder", path: made, code: errno)
            }
        }
    }

    /// The names in a folder, sorted.
    static func list(_ folder: String) throws(FileError) -> [String] {
        guard let stream = opendir(folder) else { throw FileError(operation: "list", path: folder, code: errno) }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != "." && name != ".." { names.append(name) }
        }
        return names.sorted()
    }

    /// Removes a folder and all in it, as far as that is possible.
    static func removeTree(_ path: String) {
        for name in (try? list(path)) ?? [] {
            let inner = path + "/" + name
            if unlink(inner) != 0 { removeTree(inner) }
        }
        rmdir(path)
    }

    private static func syncFolder(of path: String) throws(FileError) {
        let folder = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
        let handle = open(folder.isEmpty ? "/" : folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard handle >= 0 else { throw FileError(operation: "open", path: folder, code: errno) }
        defer { close(handle) }
        guard fsync(handle) == 0 else { throw FileError(operation: "sync", path: folder, code: errno) }
    }
}
