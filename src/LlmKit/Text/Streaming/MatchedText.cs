using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace LlmKit.Text.Streaming;

/// <summary>The text of a match of any length in bounded memory: its beginning, and of what follows a hash, by which long texts are told apart.</summary>
internal sealed class MatchedText(int longest)
{
    private readonly StringBuilder _beginning = new();
    private IncrementalHash? _rest;

    public void Append(ReadOnlySpan<char> text)
    {
        var kept = Math.Min(text.Length, longest - _beginning.Length);
        _beginning.Append(text[..kept]);
        if (kept < text.Length)
            (_rest ??= IncrementalHash.CreateHash(HashAlgorithmName.SHA256)).AppendData(MemoryMarshal.AsBytes(text[kept..]));
    }

    /// <summary>Gives the beginning, with the hash behind it if it was not all, and is ready for the next match.</summary>
    public string Take()
    {
        if (_rest is not null)
            _beginning.Append(Convert.ToHexString(_rest.GetHashAndReset()));
        var taken = _beginning.ToString();
        _beginning.Clear();
        _rest?.Dispose();
        _rest = null;
        return taken;
    }
}
