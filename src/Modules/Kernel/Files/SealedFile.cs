using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using CourtOps.Kernel.Security;

namespace CourtOps.Kernel.Files;

/// <summary>
/// A file at rest, encrypted in chunks of 64 KiB under a key of its own. Header: "COB1", length of the plain bytes, the file's key
/// wrapped by the ring ("key:base64"). Chunk n has nonce n; its number, whether it is the last, and the length of the whole are
/// authenticated with it, so that chunks cannot be changed, exchanged, repeated or cut off.
/// </summary>
public static class SealedFile
{
    public const int Chunk = 1 << 16;
    public const int Tag = 16;

    // magic, length, length of the wrapped key, the wrapped key padded: one fixed size, so that the length can be written last
    internal const int Header = 512;

    private static readonly byte[] Magic = "COB1"u8.ToArray();

    internal sealed record Head(long Length, string Wrapped);

    internal static byte[] Write(Head head)
    {
        var bytes = new byte[Header];
        Magic.CopyTo(bytes, 0);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(4), head.Length);
        var wrapped = Encoding.ASCII.GetBytes(head.Wrapped);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(12), wrapped.Length);
        wrapped.CopyTo(bytes, 16);
        return bytes;
    }

    /// <exception cref="InvalidDataException">No file of ours, or its head was changed.</exception>
    internal static Head Read(Stream file)
    {
        var bytes = new byte[Header];
        if (file.ReadAtLeast(bytes, Header, throwOnEndOfStream: false) < Header || !bytes.AsSpan(0, 4).SequenceEqual(Magic))
            throw new InvalidDataException("The head of the encrypted file is damaged.");
        var length = BinaryPrimitives.ReadInt64LittleEndian(bytes.AsSpan(4));
        var wrapped = BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(12));
        if (length < 0 || wrapped is < 1 or > Header - 16)
            throw new InvalidDataException("The head of the encrypted file is damaged.");
        return new Head(length, Encoding.ASCII.GetString(bytes, 16, wrapped));
    }

    /// <summary>How many chunks a file has; an empty one has one empty chunk.</summary>
    internal static long Chunks(long length) => Math.Max(1, (length + Chunk - 1) / Chunk);

    internal static void Associated(Span<byte> target, long number, long chunks, long length)
    {
        BinaryPrimitives.WriteInt64LittleEndian(target, number);
        target[8] = number == chunks - 1 ? (byte)1 : (byte)0;
        BinaryPrimitives.WriteInt64LittleEndian(target[9..], length);
    }

    internal static void Nonce(Span<byte> target, long number)
    {
        target.Clear();
        BinaryPrimitives.WriteInt64BigEndian(target[4..], number);
    }

    /// <summary>Encrypts a seekable plain file into another. The plain bytes are read once.</summary>
    public static void Encrypt(Stream plain, Stream target, Secrets secrets)
    {
        var suite = secrets.Ring.Writing.Suite;
        var key = RandomNumberGenerator.GetBytes(suite.KeyBytes);
        using var cipher = suite.Open(key);
        var length = plain.Length;
        var chunks = Chunks(length);
        target.Write(Write(new Head(length, secrets.ProtectBytes(key))));
        var buffer = new byte[Chunk];
        var output = new byte[Chunk + Tag];
        Span<byte> nonce = stackalloc byte[12];
        Span<byte> associated = stackalloc byte[17];
        for (var n = 0L; n < chunks; n++)
        {
            var want = (int)Math.Min(Chunk, length - (n * Chunk));
            plain.ReadExactly(buffer, 0, want);
            Nonce(nonce, n);
            Associated(associated, n, chunks, length);
            cipher.Encrypt(nonce, buffer.AsSpan(0, want), output.AsSpan(0, want), output.AsSpan(want, Tag), associated);
            target.Write(output, 0, want + Tag);
        }
        CryptographicOperations.ZeroMemory(key);
    }

    /// <summary>The same file with its key wrapped by the writing key; the chunks are copied as they are.</summary>
    internal static void Rewrap(Stream source, Stream target, Secrets secrets)
    {
        var head = Read(source);
        target.Write(Write(head with { Wrapped = secrets.ProtectBytes(secrets.RevealBytes(head.Wrapped)) }));
        source.CopyTo(target);
    }
}

/// <summary>Reads an encrypted file as if it were plain; seeks, so that parts can be served. Every chunk is authenticated before a byte of it is given
/// out.</summary>
public sealed class OpenedFile : Stream
{
    private readonly FileStream file;
    private readonly ICipher cipher;
    private readonly long length;
    private readonly long chunks;
    private readonly byte[] plain = new byte[SealedFile.Chunk];
    private readonly byte[] stored = new byte[SealedFile.Chunk + SealedFile.Tag];
    private long position;
    private long loaded = -1;
    private int size;

    /// <exception cref="InvalidDataException">The head is damaged, or the file is shorter or longer than it says.</exception>
    public OpenedFile(FileStream file, Secrets secrets)
    {
        this.file = file;
        var head = SealedFile.Read(file);
        length = head.Length;
        chunks = SealedFile.Chunks(length);
        if (file.Length != SealedFile.Header + length + (chunks * SealedFile.Tag))
            throw new InvalidDataException("The encrypted file is shorter or longer than its head says.");
        var suite = secrets.Ring.Usable.FirstOrDefault(k => k.Id == Secrets.KeyOf(head.Wrapped))?.Suite ?? secrets.Ring.Writing.Suite;
        cipher = suite.Open(secrets.RevealBytes(head.Wrapped));
    }

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length => length;

    public override long Position
    {
        get => position;
        set => position = value >= 0 ? value : throw new IOException("Before the beginning.");
    }

    /// <exception cref="CryptographicException">A chunk was changed, exchanged or belongs to another file.</exception>
    public override int Read(Span<byte> buffer)
    {
        if (position >= length || buffer.Length == 0)
        {
            if (length == 0 && loaded < 0)
                Load(0); // an empty file is authenticated too
            return 0;
        }
        var number = position / SealedFile.Chunk;
        if (number != loaded)
            Load(number);
        var from = (int)(position % SealedFile.Chunk);
        var count = Math.Min(buffer.Length, size - from);
        plain.AsSpan(from, count).CopyTo(buffer);
        position += count;
        return count;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        cancellationToken.IsCancellationRequested ? ValueTask.FromCanceled<int>(cancellationToken) : new(Read(buffer.Span));

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override long Seek(long offset, SeekOrigin origin) =>
        Position = origin switch
        {
            SeekOrigin.Begin => offset,
            SeekOrigin.Current => position + offset,
            _ => length + offset,
        };

    public override void Flush() { }

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            cipher.Dispose();
            file.Dispose();
            CryptographicOperations.ZeroMemory(plain);
        }
        base.Dispose(disposing);
    }

    private void Load(long number)
    {
        size = (int)Math.Min(SealedFile.Chunk, length - (number * SealedFile.Chunk));
        file.Seek(SealedFile.Header + (number * (SealedFile.Chunk + SealedFile.Tag)), SeekOrigin.Begin);
        file.ReadExactly(stored, 0, size + SealedFile.Tag);
        Span<byte> nonce = stackalloc byte[12];
        Span<byte> associated = stackalloc byte[17];
        SealedFile.Nonce(nonce, number);
        SealedFile.Associated(associated, number, chunks, length);
        loaded = -1;
        cipher.Decrypt(nonce, stored.AsSpan(0, size), stored.AsSpan(size, SealedFile.Tag), plain.AsSpan(0, size), associated);
        loaded = number;
    }
}
