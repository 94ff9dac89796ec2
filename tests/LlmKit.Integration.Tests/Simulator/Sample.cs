using LlmKit.Simulator;
using LlmKit.Simulator.Handbooks;

namespace LlmKit.Integration.Tests.Simulator;

/// <summary>The handbook and the requests that the simulator's tests share.</summary>
internal static class Sample
{
    public const string Question = "How do I replace the battery of the X200?";
    public const string Answer = "Dear customer, open the lid at the back of the lamp and pull the old one out.";
    public const string ToolQuestion = "Where is my order AB-1234?";
    public const string ToolSchema = """{"type":"object","properties":{"order":{"type":"string"}},"required":["order"],"additionalProperties":false}""";

    public static readonly string Key = string.Join('-', "simulated", "key");

    public static readonly Handbook Handbook = Handbook.Parse("""
        {
          "fallback": "I do not know that.",
          "synonyms": [["refund", "money back", "reimbursement"], ["shipping", "delivery"]],
          "entries": [
            { "id": "battery", "when": ["battery|accu"], "answer": "Which lamp is it?" },
            { "id": "battery-x200", "when": ["battery|accu", "x200"], "unless": ["x300"],
              "answer": "Dear {customer}, open the lid at the back of the lamp and pull the old one out.", "weak": "Buy a new lamp." },
            { "id": "order", "when": ["order"], "answer": "Your order is {tool}.",
              "tool": { "name": "order_status", "arguments": { "order": "{1}" }, "pattern": "\\b([A-Z]{2}-[0-9]{4})\\b", "missing": "Which order?" } },
            { "id": "weapons", "when": ["weapon"], "answer": "I cannot help with that.", "refuse": true }
          ]
        }
        """);

    public static async Task<ProviderSimulator> StartAsync(Action<SimulatorOptions>? configure = null)
    {
        var options = new SimulatorOptions { Handbook = Handbook };
        configure?.Invoke(options);
        return await ProviderSimulator.StartAsync(options);
    }
}
