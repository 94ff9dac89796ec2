using Microsoft.Extensions.Configuration;

namespace LlmKit.Tests.Support;

/// <summary>A configuration that a test can change while a pipeline runs.</summary>
internal static class ChangingConfiguration
{
    public static ConfigurationManager Of(params (string Key, string Value)[] values)
    {
        var configuration = new ConfigurationManager();
        foreach (var (key, value) in values)
            configuration["LlmKit:Default:" + key] = value;
        return configuration;
    }

    public static void Change(this ConfigurationManager configuration, string key, string value)
    {
        configuration["LlmKit:Default:" + key] = value;
        ((IConfigurationRoot)configuration).Reload();
    }
}
