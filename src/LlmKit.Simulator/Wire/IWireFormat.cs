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

    string? KeyOf(HttpRequest request);

    ChatRequest ReadChat(JsonElement body, string model);

    WireError Error(FaultKind kind, ErrorFacts facts);

    WireError Invalid(string message, ErrorFacts facts);

    JsonNode Plain(ChatAnswer answer, AnswerFacts facts);

    IStreamFormat Stream(ChatAnswer answer, AnswerFacts facts);
}
