/*
 * Loaded into a User-Mode Linux kernel (LD_PRELOAD): its getrandom(2) is this one, so that a run in virtual time
 * is a function of DRLAB_SEED. Without it the guest's random numbers come from the machine, and no two runs are alike.
 * The generator is splitmix64 (Steele, Lea, Flood 2014, https://doi.org/10.1145/2714064.2660195); nothing here is secret.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>

static uint64_t state;
static int seeded;

static uint64_t next(void)
{
	uint64_t z = (state += 0x9e3779b97f4a7c15u);

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
	return z ^ (z >> 31);
}

ssize_t getrandom(void *buffer, size_t length, unsigned int flags)
{
	unsigned char *to = buffer;
	size_t done, part;
	uint64_t word;

	(void)flags;
	if (!seeded) {
		const char *text = getenv("DRLAB_SEED");

		state = text ? strtoull(text, NULL, 10) : 0;
		seeded = 1;
	}
	for (done = 0; done < length; done += part) {
		word = next();
		part = length - done < sizeof(word) ? length - done : sizeof(word);
		memcpy(to + done, &word, part);
	}
	return (ssize_t)length;
}
