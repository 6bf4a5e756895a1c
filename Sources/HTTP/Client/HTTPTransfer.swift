import CCurl
import Glibc

/// One request under way. Touched only under the lock around its `HTTPTransport`.
final class HTTPTransfer {
    let id: HTTPClient.TransferID
    let request: HTTPClientRequest
    let handle: UnsafeMutableRawPointer
    let completion: HTTPClient.Completion

    private let bodySize: Int
    /// What goes out next: a piece of the body, and a byte in it.
    private var piece = 0
    private var pieceOffset = 0
    /// The thread that began the transfer has other things to do: one piece of the body, and the client's thread does the rest.
    var pausesAfterFirstPiece = false
    private var isPaused = false
    private var status = 0
    private var headers = HTTPHeaders()
    private var headerBytes = 0
    private var body: [UInt8] = []
    private var refusal: HTTPError?
    private var headerList: UnsafeMutablePointer<curl_slist>?

    private static let headerLimit = 64 << 10

    init(id: HTTPClient.TransferID, request: HTTPClientRequest, handle: UnsafeMutableRawPointer, completion: @escaping HTTPClient.Completion) {
        self.id = id
        self.request = request
        self.handle = handle
        self.completion = completion
        bodySize = request.bodyPieces.reduce(0) { $0 + $1.count }
    }

    /// Goes on with a body that paused.
    func resume() {
        pausesAfterFirstPiece = false
        guard isPaused else { return }
        isPaused = false
        _ = curl_easy_pause(handle, CURLPAUSE_CONT)
    }

    /// Frees what libcurl was lent. The handle must have left its multi before.
    func release() {
        curl_slist_free_all(headerList)
        headerList = nil
    }

    /// The transfer that a handle belongs to.
    static func of(_ handle: UnsafeMutableRawPointer?) -> HTTPTransfer? {
        var context: UnsafeMutableRawPointer?
        guard let handle, curl_get_pointer(handle, CURLINFO_PRIVATE, &context) == CURLE_OK, let context else { return nil }
        return from(context)
    }

    /// The loop holds every transfer for as long as libcurl has its handle, so the pointer needs no reference of its own.
    private static func from(_ context: UnsafeMutableRawPointer) -> HTTPTransfer {
        Unmanaged<HTTPTransfer>.fromOpaque(context).takeUnretainedValue()
    }
}

// MARK: - Setting up

extension HTTPTransfer {
    /// Tells libcurl all about the request; an error when it cannot be sent.
    func prepare() -> HTTPError? {
        let context = Unmanaged.passUnretained(self).toOpaque()
        _ = curl_set_pointer(handle, CURLOPT_PRIVATE, context)
        prepareConnection()
        prepareCallbacks(context)
        prepareBody()
        if curl_set_string(handle, CURLOPT_URL, request.url) != CURLE_OK { return .badRequest("no memory for the URL") }
        return prepareHeaders()
    }

    private func prepareConnection() {
        // No signals: libcurl would arm SIGALRM for name lookups.
        _ = curl_set_long(handle, CURLOPT_NOSIGNAL, 1)
        _ = curl_set_string(handle, CURLOPT_PROTOCOLS_STR, "http,https")
        _ = curl_set_long(handle, CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_1_1))
        // Empty, not absent: else http_proxy of the environment would be handed the node's password.
        _ = curl_set_string(handle, CURLOPT_PROXY, "")
        _ = curl_set_long(handle, CURLOPT_TCP_KEEPALIVE, 1)
        _ = curl_set_long(handle, CURLOPT_TCP_KEEPIDLE, 15)
        _ = curl_set_long(handle, CURLOPT_TCP_KEEPINTVL, 5)
        _ = curl_set_long(handle, CURLOPT_CONNECTTIMEOUT_MS, request.connectTimeout.milliseconds)
        _ = curl_set_long(handle, CURLOPT_TIMEOUT_MS, request.timeout.milliseconds)
        // libcurl repeats a request whose kept-open connection turns out closed; a new connection rules that out.
        if !request.repeatable { _ = curl_set_long(handle, CURLOPT_FRESH_CONNECT, 1) }
        if let path = request.unixSocketPath { _ = curl_set_string(handle, CURLOPT_UNIX_SOCKET_PATH, path) }
        if let credentials = request.credentials {
            _ = curl_set_long(handle, CURLOPT_HTTPAUTH, Int(CURLAUTH_BASIC_VALUE))
            _ = curl_set_string(handle, CURLOPT_USERNAME, credentials.user)
            _ = curl_set_string(handle, CURLOPT_PASSWORD, credentials.password)
        }
    }

    private func prepareCallbacks(_ context: UnsafeMutableRawPointer) {
        _ = curl_set_data_function(handle, CURLOPT_WRITEFUNCTION) { bytes, size, count, context in
            guard let bytes, let context else { return 0 }
            return HTTPTransfer.from(context).receive(UnsafeRawBufferPointer(start: bytes, count: size * count))
        }
        _ = curl_set_pointer(handle, CURLOPT_WRITEDATA, context)
        _ = curl_set_data_function(handle, CURLOPT_HEADERFUNCTION) { bytes, size, count, context in
            guard let bytes, let context else { return 0 }
            return HTTPTransfer.from(context).receiveHeader(UnsafeRawBufferPointer(start: bytes, count: size * count))
        }
        _ = curl_set_pointer(handle, CURLOPT_HEADERDATA, context)
        _ = curl_set_data_function(handle, CURLOPT_READFUNCTION) { bytes, size, count, context in
            guard let bytes, let context else { return 0 }
            return HTTPTransfer.from(context).send(into: UnsafeMutableRawBufferPointer(start: bytes, count: size * count))
        }
        _ = curl_set_pointer(handle, CURLOPT_READDATA, context)
        _ = curl_set_seek_function(handle) { context, offset, origin in
            guard let context else { return CURL_SEEKFUNC_FAIL }
            return HTTPTransfer.from(context).seek(to: Int(offset), from: origin)
        }
        _ = curl_set_pointer(handle, CURLOPT_SEEKDATA, context)
    }

    /// The body is read from the request's own array piece by piece, so that a block of megabytes is not copied before its first byte leaves.
    private func prepareBody() {
        if request.method == .head {
            _ = curl_set_long(handle, CURLOPT_NOBODY, 1)
        } else if request.method != .get || bodySize > 0 {
            _ = curl_set_long(handle, CURLOPT_POST, 1)
            _ = curl_set_offset(handle, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(bodySize))
            _ = curl_set_long(handle, CURLOPT_UPLOAD_BUFFERSIZE, 128 << 10)
            _ = curl_set_string(handle, CURLOPT_CUSTOMREQUEST, request.method.rawValue)
        }
        _ = curl_set_long(handle, CURLOPT_BUFFERSIZE, 256 << 10)
    }

    private func prepareHeaders() -> HTTPError? {
        // libcurl would ask leave (`Expect: 100-continue`) before a long body, which costs a solved block a round trip or a second.
        var lines = ["Expect:"]
        if request.headers["Content-Type"] == nil, bodySize > 0 { lines.append("Content-Type: application/json") }
        for (name, value) in request.headers.fields {
            // libcurl sends a name without value only in this spelling.
            lines.append(value.isEmpty ? "\(name);" : "\(name): \(value)")
        }
        guard (lines + [request.method.rawValue]).allSatisfy({ $0.utf8.allSatisfy { $0 >= 0x20 } }) else {
            return .badRequest("a control character in a header or the method")
        }
        for line in lines {
            guard let list = curl_slist_append(headerList, line) else { return .badRequest("no memory for the headers") }
            headerList = list
        }
        _ = curl_set_list(handle, CURLOPT_HTTPHEADER, headerList)
        return nil
    }
}

// MARK: - Called back by libcurl

extension HTTPTransfer {
    /// As much of an urgent body leaves with its head: nothing is out before all of that is copied.
    private static let firstPiece = 16 << 10

    private func send(into buffer: UnsafeMutableRawBufferPointer) -> Int {
        if pausesAfterFirstPiece, piece > 0 || pieceOffset > 0 {
            isPaused = true
            return Int(CURL_READFUNC_PAUSE)
        }
        let room = pausesAfterFirstPiece ? min(buffer.count, Self.firstPiece) : buffer.count
        var filled = 0
        while piece < request.bodyPieces.count, filled < room {
            let count = min(room - filled, request.bodyPieces[piece].count - pieceOffset)
            request.bodyPieces[piece].withUnsafeBytes { bytes in
                let space = UnsafeMutableRawBufferPointer(rebasing: buffer[filled..<filled + count])
                space.copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[pieceOffset..<pieceOffset + count]))
            }
            filled += count
            pieceOffset += count
            if pieceOffset == request.bodyPieces[piece].count {
                piece += 1
                pieceOffset = 0
            }
        }
        return filled
    }

    /// libcurl rewinds a body that it has to send again, always to its beginning.
    private func seek(to offset: Int, from origin: Int32) -> Int32 {
        guard origin == SEEK_SET, offset == 0 else { return CURL_SEEKFUNC_CANTSEEK }
        piece = 0
        pieceOffset = 0
        return CURL_SEEKFUNC_OK
    }

    /// Taking fewer bytes than offered ends the transfer.
    private func receive(_ bytes: UnsafeRawBufferPointer) -> Int {
        guard body.count + bytes.count <= request.responseLimit else {
            refusal = .tooLarge(limit: request.responseLimit)
            return 0
        }
        if body.isEmpty { body.reserveCapacity(announcedLength()) }
        body.append(contentsOf: bytes)
        return bytes.count
    }

    /// What the server says the body's length is, as far as it is believable.
    private func announcedLength() -> Int {
        var length: curl_off_t = 0
        guard curl_get_offset(handle, CURLINFO_CONTENT_LENGTH_DOWNLOAD_T, &length) == CURLE_OK else { return 0 }
        return min(max(0, Int(length)), request.responseLimit, 16 << 20)
    }

    private func receiveHeader(_ bytes: UnsafeRawBufferPointer) -> Int {
        headerBytes += bytes.count
        guard headerBytes <= Self.headerLimit else {
            refusal = .malformed("more than \(Self.headerLimit) bytes of headers")
            return 0
        }
        let line = String(decoding: bytes, as: UTF8.self)
        if line.hasPrefix("HTTP/") {
            // A new set of headers: what came before belonged to an interim response.
            headers = HTTPHeaders()
        } else if let colon = line.firstIndex(of: ":") {
            headers.append(String(line[..<colon]), trimmed(line[line.index(after: colon)...]))
        }
        return bytes.count
    }

    private func trimmed(_ text: Substring) -> String {
        let space: (Character) -> Bool = { $0 == " " || $0 == "\t" || $0.isNewline }
        return String(text.drop(while: space).reversed().drop(while: space).reversed())
    }
}

// MARK: - The end

extension HTTPTransfer {
    func result(_ code: CURLcode) -> Result<HTTPClientResponse, HTTPError> {
        guard code != CURLE_OK else {
            var status = 0
            _ = curl_get_long(handle, CURLINFO_RESPONSE_CODE, &status)
            return .success(HTTPClientResponse(status: status, headers: headers, body: body))
        }
        return .failure(refusal ?? error(code))
    }

    private func error(_ code: CURLcode) -> HTTPError {
        let words = String(cString: curl_easy_strerror(code))
        return switch code {
        // Also what libcurl says to an answer that does not begin like HTTP.
        case CURLE_UNSUPPORTED_PROTOCOL where sent(): .malformed("it does not begin like HTTP")
        case CURLE_URL_MALFORMAT, CURLE_UNSUPPORTED_PROTOCOL: .badRequest("\(words): \(request.url)")
        case CURLE_COULDNT_RESOLVE_HOST: .unresolvable(words)
        case CURLE_COULDNT_CONNECT: .unreachable(connectWords() ?? words)
        case CURLE_SSL_CONNECT_ERROR, CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CERTPROBLEM, CURLE_SSL_CACERT_BADFILE: .insecure(words)
        case CURLE_OPERATION_TIMEDOUT: .timedOut(sent: sent())
        case CURLE_WEIRD_SERVER_REPLY, CURLE_BAD_CONTENT_ENCODING: .malformed(words)
        default: .broken(words, sent: sent())
        }
    }

    /// Whether a connection stood and the request was about to go out.
    private func sent() -> Bool {
        var time: curl_off_t = 0
        _ = curl_get_offset(handle, CURLINFO_PRETRANSFER_TIME_T, &time)
        return time > 0
    }

    /// The system's words for why connecting failed.
    private func connectWords() -> String? {
        var number = 0
        guard curl_get_long(handle, CURLINFO_OS_ERRNO, &number) == CURLE_OK, number != 0 else { return nil }
        return String(cString: strerror(Int32(number)))
    }
}
