using System.Security.Cryptography;

namespace LlmKit.Observability.Replay;

/// <summary>What a file held when a cassette last looked: whoever recorded into it meanwhile is not overwritten.</summary>
internal sealed class FileImprint(string path)
{
    private byte[]? _hash = HashOf(path);

    /// <exception cref="CassetteException">Something else wrote another content into the file.</exception>
    public void ThrowIfTaken(byte[] content)
    {
        if (HashOf(path) is not { } now || IsSame(now, _hash) || IsSame(now, SHA256.HashData(content)))
            return;
        throw new CassetteException($"The cassette '{path}' was written by something else since this one was opened, so this one was not written over it. Let what records into one file share one Cassette, or give each a file of its own.");
    }

    public void Wrote(byte[] content) => _hash = SHA256.HashData(content);

    private static bool IsSame(byte[] one, byte[]? other) => one.AsSpan().SequenceEqual(other);

    private static byte[]? HashOf(string path) => File.Exists(path) ? SHA256.HashData(File.ReadAllBytes(path)) : null;
}
