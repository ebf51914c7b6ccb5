using AIHigress.Gateway.Features.Identity.Passwords;

namespace AIHigress.Gateway.UnitTests.Identity;

public sealed class CommonPasswordsTests
{
    [Theory]
    [InlineData("password")]
    [InlineData("Password1!")]
    [InlineData("P@$$w0rd")]
    [InlineData("12345678")]
    [InlineData("123456789")]
    [InlineData("87654321")]
    [InlineData("qwerty123")]
    [InlineData("1q2w3e4r")]
    [InlineData("1qaz2wsx")]
    [InlineData("asdfghjkl")]
    [InlineData("zxcvbnm123")]
    [InlineData("aaaaaaaa")]
    [InlineData("abcabcabc")]
    [InlineData("iloveyou1")]
    [InlineData("Dragon2024")]
    [InlineData("letmein123")]
    [InlineData("admin123!")]
    [InlineData("sunshine!!")]
    [InlineData("31121999")]
    [InlineData("woaini1314")]
    [InlineData("welcome1")]
    [InlineData("monkeymonkey")]
    public void Contains_WhatIsTriedFirst_IsTrue(string password)
    {
        Assert.True(CommonPasswords.Contains(password));
    }

    [Theory]
    [InlineData("correct horse battery staple")]
    [InlineData("Tr4vel-by-Night-91")]
    [InlineData("kXv9!tq2Lm")]
    [InlineData("dragons-eat-29-lemons")]
    [InlineData("73910468")]
    [InlineData("我的猫喜欢下雨天")]
    [InlineData("passwordless-gateway")]
    public void Contains_WhatSomebodyThoughtOf_IsFalse(string password)
    {
        Assert.False(CommonPasswords.Contains(password));
    }
}
