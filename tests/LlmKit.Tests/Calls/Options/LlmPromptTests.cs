using System.Text.Json;
using Microsoft.Extensions.AI;
using NUnit.Framework;

namespace LlmKit.Tests.Calls.Options;

public sealed class LlmPromptTests
{
    [TestCase("Help {{name}}.", "Help Ann.")]
    [TestCase("{{ name }}{{name}}", "AnnAnn")]
    [TestCase("{{{name}}}", "{Ann}")]
    [TestCase("{name} {{}} {{na me}} {{name", "{name} {{}} {{na me}} {{name")]
    [TestCase("{{inner}}", "{{name}}")]
    [TestCase("{{number}} {{day}} {{yes}} {{none}}.", "1.5 01/02/2026 True .")]
    [TestCase("", "")]
    public void Render_ATemplate_HasTheValuesInThePlacesOfTheirNames(string template, string text)
    {
        var prompt = new LlmPrompt
        {
            Name = "p",
            Template = template,
            Variables = new Dictionary<string, object?> { ["name"] = "Ann", ["inner"] = "{{name}}", ["number"] = 1.5, ["day"] = new DateOnly(2026, 1, 2), ["yes"] = "True", ["none"] = null },
        };

        Assert.That(prompt.Render(), Is.EqualTo(text));
    }

    [Test]
    public void Render_AVariableWithoutAValue_SaysWhichAndNothingOfTheTexts()
    {
        var prompt = new LlmPrompt { Name = "p", Template = "the secret {{who}}", Variables = new Dictionary<string, object?> { ["Who"] = "hunter2" } };

        Assert.That(prompt.Render, Throws.InvalidOperationException.With.Message.EqualTo("The template of the prompt 'p' names 'who', which has no value. Add it to LlmPrompt.Variables."));
    }

    [Test]
    public void Variables_OfADictionaryThatChangesLater_StayAsTheyWere()
    {
        var given = new Dictionary<string, object?> { ["name"] = "Ann" };
        var prompt = new LlmPrompt { Name = "p", Template = "{{name}}", Variables = given };

        given["name"] = "Bob";

        Assert.That(prompt.Render(), Is.EqualTo("Ann"));
        Assert.That((prompt with { Variables = given }).Render(), Is.EqualTo("Bob"));
    }

    [Test]
    public void Prompt_LoggedOrSerialised_TellsNoText()
    {
        var prompt = new LlmPrompt { Name = "p", Version = "7", Template = "the secret", Variables = new Dictionary<string, object?> { ["a"] = "hunter2" } };

        Assert.That($"{prompt}", Is.EqualTo("p 7"));
        Assert.That(JsonSerializer.Serialize(prompt), Is.EqualTo("null"));
        Assert.That(JsonSerializer.Serialize(new ChatOptions().WithPrompt(prompt), AIJsonUtilities.DefaultOptions), Does.Not.Contain("secret").And.Not.Contain("hunter2"));
    }

    [Test]
    public void WithPrompt_AfterAnother_LeavesNothingOfTheFirst()
    {
        var options = new LlmCallOptions { Tenant = "acme" }.WithPrompt(new LlmPrompt { Name = "p", Version = "7", Template = "x" });

        options.WithPrompt("q");

        Assert.That(options.AdditionalProperties!.Select(pair => (pair.Key, pair.Value)), Is.EqualTo(new (string, object?)[] { ("llmkit.prompt.name", "q") }));
        Assert.That(options.Tenant, Is.EqualTo("acme"));
    }

    [Test]
    public void Prompt_WithoutNameOrTexts_IsRefused()
    {
        Assert.That(() => new LlmPrompt { Name = " ", Template = "x" }, Throws.ArgumentException);
        Assert.That(() => new LlmPrompt { Name = "p", Template = null! }, Throws.ArgumentNullException);
        Assert.That(() => new LlmPrompt { Name = "p", Template = "x", Variables = null! }, Throws.ArgumentNullException);
        Assert.That(() => new ChatOptions().WithPrompt((LlmPrompt)null!), Throws.ArgumentNullException);
    }
}
