using LlmKit;
using LlmKit.Testing;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;

namespace LlmKit.Victim;

/// <summary>Makes calls whose records go to files, and says after each that is kept its id, until somebody kills the process.</summary>
internal static class TracingVictim
{
    public static async Task RunAsync(string folder)
    {
        var services = new ServiceCollection();
        services.AddLlmPipeline().AddModel("small", new ScriptedChatClient(ScriptedAnswer.Text("an ", "answer")))
            .WithTraces(options => (options.Directory, options.Content) = (folder, true)).UseTracing();
        await using var provider = services.BuildServiceProvider();
        var chat = provider.GetRequiredService<IChatClient>();
        var traces = provider.GetRequiredService<LlmTraces>();
        using var output = new StreamWriter(Console.OpenStandardOutput()) { AutoFlush = true };
        for (var i = 0; ; i++)
        {
            var answer = await chat.GetResponseAsync($"question {i}");
            await traces.FlushAsync();
            output.WriteLine(answer.GetCall().Id);
        }
    }
}
