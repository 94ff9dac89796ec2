namespace LlmKit.Simulator.Handbooks;

/// <summary>A tool call that an entry makes before it answers.</summary>
/// <remarks>
/// It is made when the request offers the tool, <see cref="Pattern"/> matches the last user message and no tool result follows that
/// message.
/// </remarks>
public sealed record HandbookTool
{
    private static readonly Dictionary<string, string> None = [];

    /// <summary>The tool's name, as the request offers it.</summary>
    public required string Name { get; init; }

    /// <summary>The arguments, all of them strings; <c>{0}</c> is the text that the pattern matched, <c>{1}</c> its first group, and so on.</summary>
    /// <value>Default: none.</value>
    public IReadOnlyDictionary<string, string> Arguments { get; init => field = value ?? None; } = None;

    /// <summary>A .NET regular expression for the last user message.</summary>
    /// <value>Default: none, the call is always made.</value>
    public string? Pattern { get; init; }

    /// <summary>The answer when there is no tool result to put into <c>{tool}</c> and no call can be made.</summary>
    /// <value>Default: the handbook's fallback.</value>
    public string? Missing { get; init; }
}
