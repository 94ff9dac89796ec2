using LlmKit.Testing;
using LlmKit.Tests.Support;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using NUnit.Framework;

namespace LlmKit.Tests.Pipeline;

public sealed class HostStartTests
{
    private readonly HostApplicationBuilder _builder = Host.CreateEmptyApplicationBuilder(new());
    private readonly RememberingLogs _logs = new();
    private readonly ScriptedChatClient _model = new(ScriptedAnswer.Text("Paris"));

    [SetUp]
    public void RememberLogs() => _builder.Services.AddSingleton<ILoggerFactory>(_logs);

    [Test]
    public async Task Start_SoundPipelines_AreBuilt()
    {
        var made = 0;
        _builder.Services.AddLlmPipeline().AddModel("a", _ => Made(ref made));
        _builder.Services.AddLlmPipeline("keyed").AddModel("b", _ => Made(ref made));
        using var host = _builder.Build();

        await host.StartAsync();

        Assert.That(made, Is.EqualTo(2));
        await host.StopAsync();
    }

    [Test]
    public async Task Start_WrongConfiguration_StopsTheStart()
    {
        _builder.Configuration["LlmKit:keyed:Constraints:Latency"] = "-1";
        _builder.Services.AddLlmPipeline("keyed").AddModel("model", _model);
        using var host = _builder.Build();

        await Assert.ThatAsync(() => host.StartAsync(), Throws.InstanceOf<LlmConfigurationException>().With.Message.Contains("'keyed'"));
    }

    [Test]
    public async Task Start_ClientRegisteredAfterThePipeline_WarnsThatItIsBypassed()
    {
        _builder.Services.AddLlmPipeline().AddModel("model", _model);
        _builder.Services.AddSingleton<IChatClient>(_model);
        using var host = _builder.Build();

        await host.StartAsync();

        Assert.That(_logs.Messages, Has.One.Contains("is bypassed"));
    }

    private ScriptedChatClient Made(ref int made)
    {
        made++;
        return _model;
    }
}
