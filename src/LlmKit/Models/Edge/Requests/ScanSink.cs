using Microsoft.Extensions.AI;

namespace LlmKit.Models;

/// <summary>Estimates the tokens of a request's texts by kind.</summary>
internal struct ScanSink : IRequestSink
{
    private TokenScan _texts;
    private TokenScan _tools;
    private long _messages;

    public readonly TokenMix Mix
    {
        get
        {
            var mix = _texts.Mix;
            mix.AddAs(TokenKind.Tools, _tools.Mix);
            mix.Add(TokenKind.Frame, _messages * TokenEstimator.TokensPerMessage * TokenMix.Unit);
            return mix;
        }
    }

    public void Message() => _messages++;

    public void Text(string text)
    {
        _texts.Add(text);
        _texts.EndText();
    }

    public void Tool(string text)
    {
        _tools.Add(text);
        _tools.EndText();
    }

    public readonly void Media(AIContent content, string mediaType, ReadOnlySpan<byte> bytes)
    {
    }
}
