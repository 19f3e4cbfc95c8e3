"""A caller with a real SIP phone: `python -m tests.browser.caller ADDRESS` sends a tone, and prints what it hears.

A process of its own, as the phone's event loop and the browser's do not go together. It hangs up when its input ends.
"""

import asyncio
import sys

from tellonce.switchboard.drivers.embedded.tests.telephones import telephones

TONE = 440


async def _call(address: str) -> None:
    async with telephones() as phones:
        talk = await (await phones.customer(TONE, user="+15035550142")).call(address)
        ended = asyncio.ensure_future(asyncio.to_thread(sys.stdin.read))
        said = None
        while not talk.is_over and not ended.done():
            if talk.now_hears != said:
                said = talk.now_hears
                print(said, flush=True)  # noqa: T201 - read by the test
            await asyncio.sleep(0.05)
        if not talk.is_over:
            await talk.call.hangup()
        print("over", flush=True)  # noqa: T201
        if not ended.done():
            ended.cancel()


if __name__ == "__main__":
    asyncio.run(_call(sys.argv[1]))
