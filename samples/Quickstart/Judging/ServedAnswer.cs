namespace Quickstart;

/// <summary>What the caller of a request got in the end.</summary>
internal sealed record ServedAnswer(WorkloadRequest Request, string Text, AnswerEnd End);
