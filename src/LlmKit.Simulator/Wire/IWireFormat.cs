using System.Text.Json;
using System.Text.Json.Nodes;
using LlmKit.Simulator.Answers;
using LlmKit.Simulator.Faults;
using Microsoft.AspNetCore.Http;

namespace LlmKit.Simulator.Wire;

/// <summary>One provider's way of writing requests, answers and errors. Without state.</summary>
internal interface IWireFormat
{
    string RequestIdHeader { get; }

    /// <summary>The headers that say how many tokens are left and when the limit on them begins anew.</summary>
    (string Remaining, string Reset) TokenLimitHeaders { get; }

    /// <summary>Writes when a limit begins anew, as a length or as a moment.</summary>
    string LimitReset(TimeSpan delay, DateTimeOffset now);

    string? KeyOf(HttpRequest request);

    ChatRequest ReadChat(JsonElement body, string model);

    WireError Error(FaultKind kind, ErrorFacts facts);

    WireError Invalid(string message, ErrorFacts facts);

    JsonNode Plain(ChatAnswer answer, AnswerFacts facts);

    IStreamFormat Stream(ChatAnswer answer, AnswerFacts facts);
}
