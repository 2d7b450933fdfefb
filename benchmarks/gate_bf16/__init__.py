"""The reader of pictures in bfloat16, beside the same in float32."""
