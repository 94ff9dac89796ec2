using System.Diagnostics.Metrics;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Microsoft.Extensions.AI;

namespace LlmKit.Models;

/// <summary>Remembers which model issued the state that later requests refer to: conversation ids and the like. Bounded; the oldest are forgotten and counted.</summary>
/// <remarks>Thread-safe. Without a memory of a state, a request that refers to it goes to the first choice and to no other.</remarks>
internal sealed class ProviderState
{
    private const int Capacity = 10_000;

    private static readonly Counter<long> Forgotten = LlmKitDiagnostics.Meter.CreateCounter<long>(
        "llmkit.provider_state.forgotten", "{state}", "Conversations, continuations and files whose model was forgotten because too many were remembered.");

    private readonly Lock _lock = new();
    private readonly Dictionary<string, string> _issuers = [];
    private readonly Queue<string> _order = [];

    /// <summary>Gives the name of a state that comes as a continuation token.</summary>
    public static string? Of(ResponseContinuationToken? token) => token is null ? null : Convert.ToBase64String(token.ToBytes().Span);

    /// <summary>Gives the name of a state that comes as a content: a file or a store that the provider keeps.</summary>
    public static string? Of(AIContent content) => content switch
    {
        HostedFileContent file => file.FileId,
        HostedVectorStoreContent store => store.VectorStoreId,
        _ => null,
    };

    /// <summary>Gives what a tool that the provider runs may look into.</summary>
    public static IList<AIContent>? InputsOf(AITool tool) => tool switch
    {
        HostedFileSearchTool search => search.Inputs,
        HostedCodeInterpreterTool interpreter => interpreter.Inputs,
        _ => null,
    };

    /// <summary>Gives the name of reasoning that a provider has sealed: only it can read it.</summary>
    public static string Of(string protectedData) => "reasoning:" + Convert.ToBase64String(SHA256.HashData(MemoryMarshal.AsBytes(protectedData.AsSpan())));

    /// <summary>Remembers the files that a model made for its answer, and the reasoning that it sealed.</summary>
    public void RememberFiles(IList<AIContent> answer, string model)
    {
        for (var i = 0; i < answer.Count; i++)
            Remember(answer[i] is TextReasoningContent { ProtectedData: { Length: > 0 } data } ? Of(data) : Of(answer[i]), model);
    }

    public void Remember(string? state, string model)
    {
        if (state is null)
            return;
        lock (_lock)
        {
            if (!_issuers.TryAdd(state, model))
            {
                _issuers[state] = model;
                return;
            }

            _order.Enqueue(state);
            if (_order.Count <= Capacity)
                return;
            _issuers.Remove(_order.Dequeue());
        }

        Forgotten.Add(1);
    }

    public string? IssuerOf(string state)
    {
        lock (_lock)
            return _issuers.GetValueOrDefault(state);
    }
}
