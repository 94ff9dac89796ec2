using System.Diagnostics;
using LlmKit.Observability.Tracing;
using LlmKit.Testing;
using Microsoft.Extensions.AI;
using NUnit.Framework;

namespace LlmKit.Tests.Observability.Tracing;

public class TracingOptionsTests
{
    [Test]
    public async Task UseTracing_Configuration_WinsOverCode()
    {
        using var recorder = new TelemetryRecorder();
        var traced = new TracedPipeline { Options = options => (options.RecordTenant, options.CaptureContent) = (true, false) };
        traced.Settings[$"LlmKit:{traced.Name}:Tracing:RecordTenant"] = "false";
        traced.Settings[$"LlmKit:{traced.Name}:Tracing:RecordUser"] = "true";
        traced.Settings[$"LlmKit:{traced.Name}:Tracing:CaptureContent"] = "true";
        traced.Settings[$"LlmKit:{traced.Name}:Tracing:MaxTextLength"] = "2";

        await traced.AskAsync(traced.Build(alone: false, ScriptedAnswer.Text("hi")), streamed: false);

        var span = recorder.Chat(LlmKitDiagnostics.FeatureTag, traced.Name);
        Assert.That(span.GetTagItem(LlmKitDiagnostics.TenantTag), Is.Null);
        Assert.That(span.GetTagItem(LlmKitDiagnostics.UserTag), Is.EqualTo("u42"));
        Assert.That((string)span.GetTagItem("gen_ai.input.messages")!, Does.Contain("\"content\":\"he\""));
    }

    [Test]
    public async Task UseTracing_SecretNamesByConfiguration_TakeThePlaceOfTheUsual([Values] bool streamed)
    {
        using var recorder = new TelemetryRecorder();
        var traced = new TracedPipeline { Options = static options => options.CaptureContent = true };
        traced.Settings[$"LlmKit:{traced.Name}:Tracing:SecretNames:0"] = "badge";
        var answer = ScriptedAnswer.Text("hi") with { Contents = [new FunctionCallContent("1", "open", new Dictionary<string, object?> { ["badge"] = "x", ["password"] = "y" })] };

        await traced.AskAsync(traced.Build(alone: false, answer), streamed);

        Assert.That(recorder.Chat(LlmKitDiagnostics.FeatureTag, traced.Name).GetTagItem("gen_ai.output.messages"), Does.Contain("{\"badge\":\"[withheld]\",\"password\":\"y\"}"));
    }

    [Test]
    public async Task UseTracing_InProcessByConfiguration_SpanIsInternal([Values] bool streamed)
    {
        using var recorder = new TelemetryRecorder();
        using var around = LlmTrace.BeginWorkflow();
        var traced = new TracedPipeline();
        traced.Settings[$"LlmKit:{traced.Name}:Tracing:InProcess"] = "true";

        await traced.AskAsync(traced.Build(alone: false, ScriptedAnswer.Text("hi")), streamed);

        Assert.That(recorder.Children(around.Span!).Single().Kind, Is.EqualTo(ActivityKind.Internal));
    }

    [TestCase("CaptureContent", "perhaps")]
    [TestCase("InProcess", "perhaps")]
    [TestCase("MaxTextLength", "long")]
    [TestCase("MaxTextLength", "0")]
    [TestCase("MaxAttributeBytes", "4095")]
    [TestCase("MaxModelNames", "10001")]
    public void UseTracing_SettingOutOfRange_IsRefusedByName(string name, string value)
    {
        var traced = new TracedPipeline();
        traced.Settings[$"LlmKit:{traced.Name}:Tracing:{name}"] = value;

        Assert.That(() => traced.Build(alone: false, ScriptedAnswer.Text("hi")), Throws.InstanceOf<LlmConfigurationException>().With.Message.Contains(name));
    }

    [Test]
    public void Constructor_SettingsOutOfRange_AllAreNamed()
    {
        var options = new TracingOptions { MaxTextLength = 0, MaxAttributeBytes = 0, MaxModelNames = 0, SecretNames = null! };

        Assert.That(
            () => new TracingChatClient(new ReadyClient(), options),
            Throws.InstanceOf<LlmConfigurationException>().With.Property(nameof(LlmConfigurationException.Failures)).Count.EqualTo(4));
    }
}
