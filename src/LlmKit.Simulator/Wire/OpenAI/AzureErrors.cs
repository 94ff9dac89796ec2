using System.Text.Json.Nodes;
using LlmKit.Simulator.Faults;

namespace LlmKit.Simulator.Wire.OpenAI;

/// <summary>Errors that Azure words in its own way; the others are OpenAI's.</summary>
internal static class AzureErrors
{
    public static WireError Of(FaultKind kind, ErrorFacts facts) => kind switch
    {
        FaultKind.RateLimited => Error(429, "429",
            "Requests to the ChatCompletions_Create Operation have exceeded the token rate limit of your current pricing tier. Please retry later."),
        FaultKind.RequestTimeout => Error(408, "Timeout", "The operation was timeout."),
        FaultKind.Unauthorized => Error(401, "401",
            "Access denied due to invalid subscription key or wrong API endpoint. Make sure to provide a valid key for an active subscription."),
        FaultKind.ModelNotFound => Error(404, "DeploymentNotFound", "The API deployment for this resource does not exist."),
        FaultKind.PromptFiltered => Filtered(),
        _ => OpenAIErrors.Of(kind, facts),
    };

    public static WireError ResourceNotFound() => Error(404, "404", "Resource not found");

    private static WireError Filtered() => new(400, new JsonObject
    {
        ["error"] = new JsonObject
        {
            ["message"] = "The response was filtered due to the prompt triggering Azure OpenAI's content management policy. Please modify your prompt and retry.",
            ["type"] = null,
            ["param"] = "prompt",
            ["code"] = "content_filter",
            ["status"] = 400,
            ["innererror"] = new JsonObject
            {
                ["code"] = "ResponsibleAIPolicyViolation",
                ["content_filter_result"] = new JsonObject
                {
                    ["jailbreak"] = new JsonObject { ["filtered"] = true, ["detected"] = true },
                },
            },
        },
    });

    private static WireError Error(int status, string code, string message) =>
        new(status, new JsonObject { ["error"] = new JsonObject { ["code"] = code, ["message"] = message } });
}
