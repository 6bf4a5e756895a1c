import Glibc

/// Files for targets that read paths. They lie in memory where the machine has such a folder.
enum ScratchFile {
    /// This process' own folder.
    static let folder: String = {
        let parent = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp"
        let path = "\(parent)/motherlode-fuzz-\(getpid())"
        mkdir(path, 0o700)
        atexit {
            unlink(ScratchFile.folder + "/shares-2026-11-21.csv.zst")
            unlink(ScratchFile.folder + "/segment")
            rmdir(ScratchFile.folder)
        }
        return path
    }()

    static func write(_ bytes: [UInt8], to path: String) {
        guard let file = fopen(path, "w") else { fatalError("\(path): \(String(cString: strerror(errno)))") }
        bytes.withUnsafeBytes { _ = fwrite($0.baseAddress, 1, $0.count, file) }
        fclose(file)
    }

    /// Nothing where nothing can be read.
    static func read(_ path: String) -> [UInt8] {
        guard let file = fopen(path, "r") else { return [] }
        defer { fclose(file) }
        var (bytes, buffer): ([UInt8], [UInt8]) = ([], [UInt8](repeating: 0, count: 1 << 16))
        while true {
            let count = fread(&buffer, 1, buffer.count, file)
            if count == 0 { return bytes }
            bytes += buffer.prefix(count)
        }
    }
}
