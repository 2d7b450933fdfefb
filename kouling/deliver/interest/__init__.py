"""The feed that learns from likes alone; its front door is `kouling.deliver`."""
