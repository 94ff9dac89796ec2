using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Microsoft.Extensions.AI;

namespace LlmKit.Tests.Control.Caching;

/// <summary>A model whose answer has every kind of content in several messages, as objects that whoever gets them can spoil.</summary>
internal sealed class RichAnswer : IChatClient
{
    private int _asked;

    public int Asked => Volatile.Read(ref _asked);

    /// <summary>Gets or sets what the answer waits for before it comes, and in a stream after its first update.</summary>
    public Task Gate { get; set; } = Task.CompletedTask;

    public static ChatResponse Whole() => new(
    [
        new(ChatRole.Assistant,
        [
            new TextReasoningContent("let me see") { ProtectedData = "sealed" },
            new TextContent("cited") { Annotations = [new CitationAnnotation { Title = "Handbook", AnnotatedRegions = [new TextSpanAnnotatedRegion { StartIndex = 0, EndIndex = 5 }] }] },
            new DataContent(new byte[] { 1, 2, 3 }, "image/png"),
        ]) { AuthorName = "one", MessageId = "m1", AdditionalProperties = new() { ["of"] = "message" } },
        new(ChatRole.Assistant,
        [
            new TextContent("tagged") { AdditionalProperties = new() { ["n"] = 7 } },
            new FunctionCallContent("c1", "look", new Dictionary<string, object?> { ["where"] = "there" }),
        ]) { AuthorName = "two", MessageId = "m2" },
    ])
    { FinishReason = ChatFinishReason.Stop, AdditionalProperties = new() { ["of"] = "answer" }, ModelId = "rich-1" };

    /// <summary>Says all that a reader can see of an answer, ids and what is the call's own excepted.</summary>
    public static string Describe(ChatResponse response) => string.Join(" / ", response.Messages.Select(message =>
        $"{message.Role} {message.AuthorName}: {string.Join(" + ", message.Contents.Select(Describe))}")) + $" ({response.FinishReason})";

    public static string Describe(AIContent content)
    {
        var text = content switch
        {
            TextContent { Text: var said } => $"\"{said}\"",
            TextReasoningContent reasoning => $"~{reasoning.Text}~{reasoning.ProtectedData}",
            DataContent data => $"{data.MediaType} {Convert.ToHexString(data.Data.Span)}",
            FunctionCallContent call => $"{call.Name}({string.Join(',', call.Arguments!)})",
            _ => content.GetType().Name,
        };
        var cited = string.Join(',', (content.Annotations ?? []).OfType<CitationAnnotation>().Select(citation => $"{citation.Title}{string.Join(',', citation.AnnotatedRegions!.OfType<TextSpanAnnotatedRegion>().Select(region => $"{region.StartIndex}-{region.EndIndex}"))}"));
        return $"{text}[{cited}][{string.Join(',', content.AdditionalProperties ?? [])}]";
    }

    /// <summary>Changes everything in an answer that can be changed.</summary>
    public static void Spoil(IList<AIContent> contents)
    {
        foreach (var content in contents)
        {
            foreach (var citation in (content.Annotations ?? []).OfType<CitationAnnotation>())
            {
                citation.Title = "spoilt";
                foreach (var region in (citation.AnnotatedRegions ?? []).OfType<TextSpanAnnotatedRegion>())
                    region.StartIndex = 99;
                citation.AnnotatedRegions?.Add(new TextSpanAnnotatedRegion());
            }

            content.Annotations?.Add(new CitationAnnotation { Title = "spoilt", AnnotatedRegions = [] });
            (content.AdditionalProperties ??= [])["n"] = "spoilt";
            if (content is TextContent text)
                text.Text = "spoilt";
            if (content is FunctionCallContent { Arguments: { } arguments })
                arguments["where"] = "spoilt";
            if (content is DataContent data && MemoryMarshal.TryGetArray(data.Data, out var bytes))
                bytes.AsSpan().Fill(0xFF);
        }

        contents.Add(new TextContent("spoilt"));
    }

    public static void Spoil(ChatResponse response)
    {
        foreach (var message in response.Messages)
        {
            Spoil(message.Contents);
            message.AuthorName = "spoilt";
            (message.AdditionalProperties ??= [])["of"] = "spoilt";
        }

        (response.AdditionalProperties ??= [])["of"] = "spoilt";
        response.FinishReason = ChatFinishReason.Length;
        response.Messages.Add(new(ChatRole.Assistant, "spoilt"));
    }

    public async Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        Interlocked.Increment(ref _asked);
        await Gate.WaitAsync(cancellationToken);
        return Whole();
    }

    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        Interlocked.Increment(ref _asked);
        foreach (var update in Whole().ToChatResponseUpdates())
        {
            yield return update;
            await Gate.WaitAsync(cancellationToken);
        }
    }

    public object? GetService(Type serviceType, object? serviceKey = null) => serviceKey is null && serviceType.IsInstanceOfType(this) ? this : null;

    public void Dispose()
    {
    }
}
