using LlmKit;
using LlmKit.Calls;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;

var model = new EchoChatClient();
var services = new ServiceCollection();
services.AddLlmPipeline()
    .AddModel("echo", model, options => options.Price = new(1m, 2m))
    .UseTracing()
    .UseBudget(budget => budget.PerTenant("daily", 1m, BudgetWindow.Daily))
    .UseSemanticCache()
    .UseRouter()
    .UseResilience();
await using var provider = services.BuildServiceProvider();
var chat = provider.GetRequiredService<IChatClient>();
var options = new LlmCallOptions { Tenant = "acme", User = "u42", Feature = "smoke" };

var fresh = await chat.GetResponseAsync("Hello.", options);
Check(fresh.Text == "Hello.", "the model's answer");
Check(fresh.GetCall() is { Model: "echo", Cost: 0.003m, Status: CallStatus.Completed }, "the call with its model and its cost of 0.003 USD");

var repeated = await chat.GetResponseAsync("Hello.", options);
Check(repeated.Text == "Hello." && repeated.GetCall().Cost == 0 && model.Requests == 1, "an answer from the cache");

var streamed = "";
LlmCall? call = null;
await foreach (var update in chat.GetStreamingResponseAsync("Bye.", options))
    (streamed, call) = (streamed + update.Text, update.GetCall());
Check(streamed == "Bye." && call is { Cost: 0.003m }, "a stream that ends with its call");

Console.WriteLine("OK");

static void Check(bool holds, string what)
{
    if (!holds)
        throw new InvalidOperationException($"The package did not give {what}.");
}
