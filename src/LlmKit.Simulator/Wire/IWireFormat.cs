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

    /// <summary>The same for requests.</summary>
    (string Remaining, string Reset) RequestLimitHeaders { get; }

    /// <summary>Writes when a limit begins anew, as a length or as a moment.</summary>
    string LimitReset(TimeSpan delay, DateTimeOffset now);

    string? KeyOf(HttpRequest request);

    ChatRequest ReadChat(JsonElement body, string model);

    WireError Error(FaultKind kind, ErrorFacts facts);

    WireError Invalid(string message, ErrorFacts facts);

    /// <summary>An error that comes with status 200 and names another.</summary>
    JsonNode ErrorAsAnswer(int status, ErrorFacts facts);

    /// <summary>A plain answer that an error cut short before its text.</summary>
    JsonNode ErrorFinish(int status, ErrorFacts facts);

    JsonNode Plain(ChatAnswer answer, AnswerFacts facts);

    IStreamFormat Stream(ChatAnswer answer, AnswerFacts facts);
}
