using System.Collections.Immutable;

namespace LlmKit.Observability.Traces;

/// <summary>One operation with its texts: what was asked, what it was asked with, what was answered.</summary>
/// <remarks>Immutable. Sensitive where content is kept: everything beyond <see cref="TraceSummary"/> may hold texts of the conversation.</remarks>
public sealed record TraceRecord : TraceSummary
{
    private readonly TraceMessage[] _input = [];
    private readonly TraceMessage[] _output = [];
    private TraceMessage? _instructions;
    private TraceMessage? _tools;
    private TraceMessage? _options;
    private TraceMessage? _prompt;
    private TraceMessage? _promptVariables;
    private TraceMessage? _documents;

    /// <summary>Gets the messages of the request; empty where content is not kept.</summary>
    public IReadOnlyList<TraceMessage> Input
    {
        get => _input;
        init => _input = value as TraceMessage[] ?? [.. value];
    }

    /// <summary>Gets the messages of the answer; empty where content is not kept.</summary>
    public IReadOnlyList<TraceMessage> Output
    {
        get => _output;
        init => _output = value as TraceMessage[] ?? [.. value];
    }

    /// <summary>Gets the instructions of the request's options, as a message of the role <c>system</c>.</summary>
    public TraceMessage? Instructions
    {
        get => _instructions;
        init => _instructions = value;
    }

    /// <summary>Gets the tools of the request: a JSON array of their definitions.</summary>
    public TraceMessage? Tools
    {
        get => _tools;
        init => _tools = value;
    }

    /// <summary>Gets the options of the request that change its answer: a JSON object.</summary>
    public TraceMessage? Options
    {
        get => _options;
        init => _options = value;
    }

    /// <summary>Gets the template that the request was made from: a JSON object with <c>template</c>, in which <c>{{name}}</c> stands for a variable.</summary>
    public TraceMessage? Prompt
    {
        get => _prompt;
        init => _prompt = value;
    }

    /// <summary>Gets what was put into the template: a JSON object of names and values.</summary>
    public TraceMessage? PromptVariables
    {
        get => _promptVariables;
        init => _promptVariables = value;
    }

    /// <summary>Gets the documents that were found, as a JSON array of objects with at least <c>id</c> and <c>score</c>.</summary>
    public TraceMessage? Documents
    {
        get => _documents;
        init => _documents = value;
    }

    /// <summary>Gets what a span says of itself beside what has a place of its own here: figures, and labels whose names are known to hold no text of a conversation.</summary>
    /// <value>Empty for calls; at most 64, each of at most 256 characters.</value>
    public IReadOnlyDictionary<string, string> Attributes { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>Gets how many messages were left out because the record would have grown too large.</summary>
    public int DroppedMessages { get; init; }

    /// <summary>Gets whether the texts went through <see cref="TracingOptions.Redact"/>, so that they may be others than those of the call.</summary>
    public bool IsRedacted { get; init; }

    /// <summary>Gets whether a text that belongs to the record is lost.</summary>
    internal bool LacksTexts { get; init; }

    /// <summary>Gets how large all that is kept by its hash is, in bytes.</summary>
    internal long ContentBytes => Contents.Sum(static content => (long)content.Json.Length);

    /// <summary>Gets all that is kept by its hash.</summary>
    internal IEnumerable<TraceMessage> Contents => [.. _input, .. _output, .. Singles.OfType<TraceMessage>()];

    private TraceMessage?[] Singles => [_instructions, _tools, _options, _prompt, _promptVariables, _documents];

    /// <summary>Puts contents that are kept already in the place of their equals, so that each is in memory once: nobody who reads the record can tell.</summary>
    /// <param name="kept">Gives the content that is kept; called once for each place.</param>
    internal void Share(Func<TraceMessage, TraceMessage> kept)
    {
        foreach (ref var content in _input.AsSpan())
            content = kept(content);
        foreach (ref var content in _output.AsSpan())
            content = kept(content);
        Share(ref _instructions, kept);
        Share(ref _tools, kept);
        Share(ref _options, kept);
        Share(ref _prompt, kept);
        Share(ref _promptVariables, kept);
        Share(ref _documents, kept);
    }

    private static void Share(ref TraceMessage? content, Func<TraceMessage, TraceMessage> kept)
    {
        if (content is not null)
            content = kept(content);
    }
}
