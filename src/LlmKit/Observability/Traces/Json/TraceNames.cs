using LlmKit.Calls;

namespace LlmKit.Observability.Traces;

/// <summary>The words by which values are known outside of the process. They never change, whatever the types are called.</summary>
internal static class TraceNames
{
    public static AnswerMarks[] Marks { get; } = Enum.GetValues<AnswerMarks>().Where(mark => mark != AnswerMarks.None).ToArray();

    public static string Of(TraceKind kind) => kind switch
    {
        TraceKind.Chat => "chat",
        TraceKind.Embeddings => "embeddings",
        TraceKind.Retrieval => "retrieval",
        TraceKind.Tool => "tool",
        TraceKind.Agent => "agent",
        TraceKind.Workflow => "workflow",
        _ => "other",
    };

    public static string Of(CallStatus status) => status switch
    {
        CallStatus.Open => "open",
        CallStatus.Completed => "completed",
        CallStatus.Failed => "failed",
        CallStatus.Cancelled => "cancelled",
        _ => "abandoned",
    };

    public static string Of(AnswerMarks mark) => mark switch
    {
        AnswerMarks.Blocked => "blocked",
        AnswerMarks.Rewritten => "rewritten",
        AnswerMarks.Repaired => "repaired",
        AnswerMarks.Shrunk => "shrunk",
        AnswerMarks.Truncated => "truncated",
        AnswerMarks.Fallback => "fallback",
        AnswerMarks.Filtered => "filtered",
        AnswerMarks.Cached => "cached",
        _ => "unverified",
    };

    public static TraceKind Kind(string? name) => Enum.GetValues<TraceKind>().FirstOrDefault(kind => Of(kind) == name, TraceKind.Other);

    public static CallStatus Status(string? name) => Enum.GetValues<CallStatus>().FirstOrDefault(status => Of(status) == name, CallStatus.Abandoned);

    public static AnswerMarks Mark(string? name) => Marks.FirstOrDefault(mark => Of(mark) == name);
}
