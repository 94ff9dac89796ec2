using Microsoft.AspNetCore.Mvc;

namespace LlmKit.AspNetCore.Problems;

/// <summary>A problem as clients are told of it: fixed words only, for those of exceptions may name limits and models.</summary>
/// <param name="Code">The code; the problem's type is a URN that ends with it.</param>
/// <param name="Status">The HTTP status.</param>
/// <param name="Title">What it is.</param>
/// <param name="Detail">What to do.</param>
internal sealed record LlmProblem(string Code, int Status, string Title, string Detail)
{
    public static readonly LlmProblem InvalidKey = new("invalid-idempotency-key", 400, "The idempotency key is malformed", "Send a GUID.");
    public static readonly LlmProblem Unauthenticated = new("identity-required", 401, "Nobody is signed in", "Sign in, and try again.");
    public static readonly LlmProblem Unnamed = new("identity-required", 403, "The account belongs to no tenant", "Ask those who run the service to complete the account.");
    public static readonly LlmProblem Budget = new("budget-exceeded", 402, "The budget is used up", "Try again when the budget starts anew, or ask for a higher one.");
    public static readonly LlmProblem TooLong = new("too-long", 413, "The request is too long", "Shorten the text or the conversation.");
    public static readonly LlmProblem BlockedRequest = new("request-blocked", 422, "The request was blocked", "It is against a rule of this service. Rephrase it.");
    public static readonly LlmProblem BlockedAnswer = new("answer-blocked", 422, "The answer was withheld", "It is against a rule of this service. Ask in another way.");
    public static readonly LlmProblem Filtered = new("content-filtered", 422, "The model's provider refused the content", "Rephrase the request.");
    public static readonly LlmProblem KeyConflict = new("idempotency-conflict", 422, "The idempotency key belongs to another request", "Send a new request under a new key.");
    public static readonly LlmProblem NotServed = new("request-not-served", 422, "No model may take the request", "Ask for less, or for something else.");
    public static readonly LlmProblem RateLimit = new("rate-limited", 429, "Too many requests", "Try again later.");
    public static readonly LlmProblem ModelFailed = new("model-failed", 502, "The model could not be used", "Tell those who run the service.");
    public static readonly LlmProblem Uncertain = new("answer-uncertain", 502, "No answer was certain enough", "Ask in another way, or ask a person.");
    public static readonly LlmProblem Incomplete = new("answer-incomplete", 502, "The answer broke off", "Try again.");
    public static readonly LlmProblem Unavailable = new("model-unavailable", 503, "No model is available", "Try again later.");
    public static readonly LlmProblem Timeout = new("timeout", 504, "The answer took too long", "Try again, or ask for less.");
    public static readonly LlmProblem Internal = new("internal-error", 500, "Something went wrong", "Try again, or tell those who run the service.");

    public ProblemDetails ToDetails(string? detail = null) => new()
    {
        Type = "urn:llmkit:problem:" + Code,
        Title = Title,
        Status = Status,
        Detail = detail ?? Detail,
        Extensions = { ["code"] = Code },
    };
}
