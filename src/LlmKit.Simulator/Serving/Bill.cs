using System.Text;
using LlmKit.Simulator.Metering;

namespace LlmKit.Simulator.Serving;

/// <summary>What one answer costs so far.</summary>
internal sealed class Bill(TokenCounts input, int reasoning, string? toolName)
{
    private readonly StringBuilder _written = new();
    private bool _complete;

    public TokenCounts Tokens => _complete || _written.Length > 0
        ? input with { Output = TokenRule.Written(_written.Length > 0 ? toolName : null, _written.ToString()) + reasoning, Reasoning = reasoning }
        : input;

    public void Wrote(string piece) => _written.Append(piece);

    public void Complete() => _complete = true;
}
