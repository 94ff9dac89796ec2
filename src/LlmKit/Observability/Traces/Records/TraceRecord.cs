namespace LlmKit.Observability.Traces;

/// <summary>One operation with its texts: what was asked, what it was asked with, what was answered.</summary>
/// <remarks>Immutable. Sensitive where content is kept: everything beyond <see cref="TraceSummary"/> may hold texts of the conversation.</remarks>
public sealed record TraceRecord : TraceSummary
{
    /// <summary>Gets the messages of the request; empty where content is not kept.</summary>
    public IReadOnlyList<TraceMessage> Input { get; init; } = [];

    /// <summary>Gets the messages of the answer; empty where content is not kept.</summary>
    public IReadOnlyList<TraceMessage> Output { get; init; } = [];

    /// <summary>Gets the instructions of the request's options, as a message of the role <c>system</c>.</summary>
    public TraceMessage? Instructions { get; init; }

    /// <summary>Gets the tools of the request: a JSON array of their definitions.</summary>
    public TraceMessage? Tools { get; init; }

    /// <summary>Gets the options of the request that change its answer: a JSON object.</summary>
    public TraceMessage? Options { get; init; }

    /// <summary>Gets the template that the request was made from: a JSON object with <c>template</c>, in which <c>{{name}}</c> stands for a variable.</summary>
    public TraceMessage? Prompt { get; init; }

    /// <summary>Gets what was put into the template: a JSON object of names and values.</summary>
    public TraceMessage? PromptVariables { get; init; }

    /// <summary>Gets the documents that were found, as a JSON array of objects with at least <c>id</c> and <c>score</c>.</summary>
    public TraceMessage? Documents { get; init; }

    /// <summary>Gets how many messages of the request were left out because the record would have grown too large.</summary>
    public int DroppedMessages { get; init; }

    /// <summary>Gets whether a text that belongs to the record is lost.</summary>
    internal bool LacksTexts { get; init; }

    /// <summary>Gets how large all that is kept by its hash is, in bytes.</summary>
    internal long ContentBytes => Contents.Sum(static content => (long)content.Json.Length);

    /// <summary>Gets all that is kept by its hash.</summary>
    internal IEnumerable<TraceMessage> Contents
    {
        get
        {
            foreach (var message in Input)
                yield return message;
            foreach (var message in Output)
                yield return message;
            foreach (var content in (TraceMessage?[])[Instructions, Tools, Options, Prompt, PromptVariables, Documents])
            {
                if (content is not null)
                    yield return content;
            }
        }
    }
}
